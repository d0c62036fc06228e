import type { Framebuffer } from "../../panel/framebuffer.ts";
import { LAMPS, type LampLevels } from "../../panel/lamps.ts";
import type { Brightness } from "../../panel/screen.ts";
import type { Button, Display, Leds, PartCondition } from "../../ports/panel.ts";
import type { PanelParts, PartKind } from "./panel-parts.ts";

/** One place where the panel is shown: the box's front, or a terminal. */
export interface PanelFront {
  readonly display: Display;
  readonly leds: Leds;
  readonly button: Button;
}

export interface FrontListener {
  /** Whether any button is pressed. */
  contact(pressed: boolean, atMs: number): void;
  /** Whether any button can be read. */
  buttonPresent(present: boolean): void;
}

/** Shows one panel at several fronts, each told of changes only. */
export class PanelFronts {
  readonly #hardware: PanelFront | undefined;
  readonly #fronts: readonly PanelFront[];
  readonly #parts: PanelParts;
  readonly #buttons = new Set<PanelFront>();
  readonly #pressed = new Set<PanelFront>();
  #picture: Framebuffer | undefined;
  #brightness: Brightness | undefined;
  #levels: LampLevels | undefined;

  /** @param parts keeps which parts of the hardware are there */
  constructor(hardware: PanelFront | undefined, mirrors: readonly PanelFront[], parts: PanelParts) {
    this.#hardware = hardware;
    this.#fronts = hardware ? [hardware, ...mirrors] : mirrors;
    this.#parts = parts;
  }

  /**
   * Does not wait for any part: clients are served also while a pin is not ready. Buttons come last,
   * for what they tell at once is shown at once, and by then everything that shows it has begun.
   */
  start(listener: FrontListener): void {
    for (const front of this.#fronts) {
      void front.display.start(this.#teller(front, "display"));
      void front.leds.start(this.#teller(front, "leds"));
    }
    for (const front of this.#fronts) {
      const tell = this.#teller(front, "button");
      void front.button.start(
        (pressed, atMs) => this.#contact(front, pressed, atMs, listener),
        (condition) => {
          tell(condition);
          this.#buttonChanged(front, condition, listener);
        },
      );
    }
  }

  show(picture: Framebuffer, brightness: Brightness): void {
    if (this.#brightness === brightness && this.#picture?.equals(picture)) return;
    this.#picture = picture;
    this.#brightness = brightness;
    for (const { display } of this.#fronts) display.show(picture, brightness);
  }

  light(levels: LampLevels): void {
    const before = this.#levels;
    if (before && LAMPS.every((lamp) => before[lamp] === levels[lamp])) return;
    this.#levels = levels;
    for (const { leds } of this.#fronts) leds.set(levels);
  }

  /** Puts the LEDs out and leaves the newest picture. One part that fails keeps no other lit. */
  async stop(): Promise<void> {
    const parts = this.#fronts.flatMap(({ button, leds, display }) => [button, leds, display]);
    await Promise.allSettled(parts.map(async (part) => part.stop()));
  }

  #teller(front: PanelFront, kind: PartKind): (condition: PartCondition) => void {
    if (front !== this.#hardware) return () => undefined;
    return (condition) => this.#parts.changed(kind, condition);
  }

  #contact(front: PanelFront, pressed: boolean, atMs: number, listener: FrontListener): void {
    if (pressed) this.#pressed.add(front);
    else this.#pressed.delete(front);
    listener.contact(this.#pressed.size > 0, atMs);
  }

  /** With one button among several that comes or goes, nobody knows what a press under way was. */
  #buttonChanged(front: PanelFront, { state }: PartCondition, listener: FrontListener): void {
    const present = state === "present";
    if (present === this.#buttons.has(front)) return;
    if (this.#buttons.size > 0) listener.buttonPresent(false);
    if (present) {
      this.#buttons.add(front);
    } else {
      this.#buttons.delete(front);
      this.#pressed.delete(front);
    }
    if (this.#buttons.size > 0) listener.buttonPresent(true);
  }
}
