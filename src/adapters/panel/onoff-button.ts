import type { Clock, Timers } from "../../ports/clock.ts";
import type { Button, PartCondition } from "../../ports/panel.ts";
import { type LoadGpioDriver, loadOnoff } from "./gpio-driver.ts";
import { GPIO_FOLDER } from "./gpio-lines.ts";
import { type OpenPin, openPin } from "./open-pin.ts";
import { type KeptUse, PinKeeper } from "./pin-keeper.ts";
import type { HeaderLead } from "./read-pins.ts";

export interface OnoffButtonOptions {
  readonly pin: HeaderLead;
  readonly clock: Pick<Clock, "monotonicMs">;
  readonly timers: Timers;
  /** `/sys/class/gpio` unless given. */
  readonly folder?: string;
  readonly loadDriver?: LoadGpioDriver;
}

/**
 * A button on one of the header's pins. It tells the contact's reading after every edge: where it
 * bounces faster than it can be read that is the same one twice. That the button is down already when
 * it is first read is told before it is told to be present.
 */
export class OnoffButton implements Button {
  readonly #options: OnoffButtonOptions;
  readonly #keeper: PinKeeper;
  #pin: OpenPin | undefined;
  #onChange: (pressed: boolean, atMs: number) => void = () => undefined;

  constructor(options: OnoffButtonOptions) {
    this.#options = options;
    this.#keeper = new PinKeeper(this.#use, options.timers);
  }

  start(
    onChange: (pressed: boolean, atMs: number) => void,
    onCondition: (condition: PartCondition) => void,
  ): Promise<void> {
    this.#onChange = onChange;
    return this.#keeper.start(onCondition);
  }

  async stop(): Promise<void> {
    await this.#keeper.stop();
  }

  readonly #use: KeptUse = {
    name: "The button",
    open: async (sleep) => {
      const { pin: lead, folder = GPIO_FOLDER, loadDriver = loadOnoff } = this.#options;
      const driver = await loadDriver();
      const pin = await openPin(lead, "input", { driver, folder, sleep });
      this.#pin = pin;
      await this.#listen(pin);
    },
    close: async (failed) => {
      const pin = this.#pin;
      this.#pin = undefined;
      if (failed) pin?.discard();
      else pin?.close();
    },
  };

  async #listen(pin: OpenPin): Promise<void> {
    let heard = false;
    pin.gpio.watch((error, value) => {
      heard = true;
      if (this.#pin !== pin) return;
      if (error) this.#keeper.failed(error);
      else this.#tell(value);
    });
    // What is told by then is newer than what is read now.
    const value = await pin.gpio.read();
    if (value === 1 && !heard) this.#tell(value);
  }

  #tell(value: 0 | 1): void {
    this.#onChange(value === 1, this.#options.clock.monotonicMs());
  }
}
