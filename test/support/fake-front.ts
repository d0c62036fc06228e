import type { Framebuffer } from "../../src/panel/framebuffer.ts";
import type { LampLevels } from "../../src/panel/lamps.ts";
import type { Brightness } from "../../src/panel/screen.ts";
import type { Button, Display, Leds, PartCondition } from "../../src/ports/panel.ts";
import type { PanelFront } from "../../src/services/panel/panel-fronts.ts";

type OnCondition = (condition: PartCondition) => void;

export const PRESENT: PartCondition = { state: "present" };

/** A front that is there at once, keeps what it is told, and is pressed by hand. */
export class FakeFront implements PanelFront {
  /** Calls of its parts in their order, such as `start display`. */
  readonly calls: string[] = [];
  readonly shown: { readonly picture: Framebuffer; readonly brightness: Brightness }[] = [];
  readonly lit: LampLevels[] = [];
  readonly tell: Record<"display" | "leds" | "button", OnCondition> = {
    display: () => undefined,
    leds: () => undefined,
    button: () => undefined,
  };
  contact: (pressed: boolean, atMs: number) => void = () => undefined;

  readonly display: Display = {
    start: async (onCondition) => this.#started("display", onCondition),
    show: (picture, brightness) => {
      this.calls.push("show");
      this.shown.push({ picture: picture.copy(), brightness });
    },
    stop: async () => void this.calls.push("stop display"),
  };

  readonly leds: Leds = {
    start: async (onCondition) => this.#started("leds", onCondition),
    set: (levels) => {
      this.calls.push("set");
      this.lit.push(levels);
    },
    stop: async () => void this.calls.push("stop leds"),
  };

  readonly button: Button = {
    start: async (onChange, onCondition) => {
      this.contact = onChange;
      this.#started("button", onCondition);
    },
    stop: async () => void this.calls.push("stop button"),
  };

  /** What stands on the display. */
  get now(): { readonly picture: Framebuffer; readonly brightness: Brightness } {
    const newest = this.shown.at(-1);
    if (!newest) throw new Error("Nothing was shown yet.");
    return newest;
  }

  /** Names of the LEDs that are lit. */
  get lamps(): string[] {
    return Object.entries(this.lit.at(-1) ?? {}).flatMap(([lamp, lit]) => (lit ? [lamp] : []));
  }

  #started(part: keyof FakeFront["tell"], onCondition: OnCondition): void {
    this.calls.push(`start ${part}`);
    this.tell[part] = onCondition;
    onCondition(PRESENT);
  }
}
