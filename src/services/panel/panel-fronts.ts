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
  #picture: Framebuffer | undefined;
  #brightness: Brightness | undefined;
  #levels: LampLevels | undefined;

  /** @param parts keeps which parts of the hardware are there */
  constructor(hardware: PanelFront | undefined, mirrors: readonly PanelFront[], parts: PanelParts) {
    this.#hardware = hardware;
    this.#fronts = hardware ? [hardware, ...mirrors] : mirrors;
    this.#parts = parts;
  }

  async start(listener: FrontListener): Promise<void> {
    for (const front of this.#fronts) {
      const tell = (kind: PartKind) => (condition: PartCondition) => {
        if (front === this.#hardware) this.#parts.changed(kind, condition);
        if (kind === "button") this.#buttonChanged(front, condition, listener);
      };
      await front.display.start(tell("display"));
      await front.leds.start(tell("leds"));
      await front.button.start((pressed, atMs) => listener.contact(pressed, atMs), tell("button"));
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

  /** Puts the LEDs out and leaves the newest picture. */
  async stop(): Promise<void> {
    const stopped = this.#fronts.flatMap(({ button, leds, display }) => [
      button.stop(),
      leds.stop(),
      display.stop(),
    ]);
    await Promise.all(stopped);
  }

  #buttonChanged(front: PanelFront, { state }: PartCondition, listener: FrontListener): void {
    if (state === "present") this.#buttons.add(front);
    else this.#buttons.delete(front);
    listener.buttonPresent(this.#buttons.size > 0);
  }
}
