import { LAMPS, type Lamp, type LampLevels } from "../../panel/lamps.ts";
import type { Timers } from "../../ports/clock.ts";
import type { Leds, PartCondition } from "../../ports/panel.ts";
import { type LoadGpioDriver, loadOnoff } from "./gpio-driver.ts";
import { GPIO_FOLDER } from "./gpio-lines.ts";
import { type OpenPin, openPin } from "./open-pin.ts";
import { type KeptUse, PinKeeper } from "./pin-keeper.ts";
import type { PanelPins } from "./read-pins.ts";

export interface OnoffLedsOptions {
  readonly pins: PanelPins["leds"];
  readonly timers: Timers;
  /** `/sys/class/gpio` unless given. */
  readonly folder?: string;
  readonly loadDriver?: LoadGpioDriver;
}

/** One LED's pin, with what was last written to it. */
interface Led {
  readonly pin: OpenPin;
  /** Null before it was written to. */
  lit: boolean | null;
  /** While it is written to. Never rejects. */
  work?: Promise<void>;
}

const DARK: LampLevels = { green: false, yellow: false, red: false, activity: false };

/** LEDs on the header's pins. Only what changed is written, and never two things to a pin at once. */
export class OnoffLeds implements Leds {
  readonly #options: OnoffLedsOptions;
  readonly #keeper: PinKeeper;
  #leds = new Map<Lamp, Led>();
  #wanted = DARK;

  constructor(options: OnoffLedsOptions) {
    this.#options = options;
    this.#keeper = new PinKeeper(this.#use, options.timers);
  }

  start(onCondition: (condition: PartCondition) => void): Promise<void> {
    return this.#keeper.start(onCondition);
  }

  set(levels: LampLevels): void {
    this.#wanted = levels;
    for (const [lamp, led] of this.#leds) {
      if (!led.work && led.lit !== levels[lamp]) led.work = this.#work(lamp, led);
    }
  }

  async stop(): Promise<void> {
    await this.#keeper.stop();
  }

  readonly #use: KeptUse = {
    name: "The LEDs",
    open: async (sleep) => {
      const { pins, folder = GPIO_FOLDER, loadDriver = loadOnoff } = this.#options;
      const driver = await loadDriver();
      for (const lamp of LAMPS) {
        const pin = await openPin(pins[lamp], "output", { driver, folder, sleep });
        this.#leds.set(lamp, { pin, lit: null });
      }
      this.set(this.#wanted);
      await this.#written();
    },
    close: async (failed) => {
      const leds = [...this.#leds.values()];
      const written = this.#written();
      this.#leds = new Map();
      await written;
      await Promise.allSettled(leds.map(({ pin }) => pin.gpio.write(0)));
      for (const { pin } of leds) {
        if (failed) pin.discard();
        else pin.close();
      }
    },
  };

  async #written(): Promise<void> {
    for (const { work } of [...this.#leds.values()]) await work;
  }

  /** Writes until the LED is as wanted. */
  async #work(lamp: Lamp, led: Led): Promise<void> {
    try {
      while (this.#leds.get(lamp) === led && led.lit !== this.#wanted[lamp]) {
        const lit = this.#wanted[lamp];
        await led.pin.gpio.write(lit ? 1 : 0);
        led.lit = lit;
      }
    } catch (error) {
      if (this.#leds.get(lamp) === led) this.#keeper.failed(error);
    } finally {
      delete led.work;
    }
  }
}
