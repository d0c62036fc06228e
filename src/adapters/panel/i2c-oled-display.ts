import { MINUTE_MS, SECOND_MS } from "../../domain/units.ts";
import type { Framebuffer } from "../../panel/framebuffer.ts";
import type { Brightness } from "../../panel/screen.ts";
import type { Timers } from "../../ports/clock.ts";
import type { Display, PartCondition } from "../../ports/panel.ts";
import { I2cDriverMissingError, type OpenI2cBus, openI2cBus } from "./i2c-bus.ts";
import { I2cDevice } from "./i2c-device.ts";
import { absenceFor, type I2cPlace } from "./i2c-failures.ts";
import { Nap } from "./nap.ts";
import { COMMANDS, NOTHING, OLED_WIDTH, type OledSettings } from "./oled-commands.ts";
import { OledMirror } from "./oled-mirror.ts";

/** An absent display is looked for after these pauses, each double the one before. */
const FIRST_PAUSE_MS = SECOND_MS;
const LONGEST_PAUSE_MS = 30 * SECOND_MS;

/** How soon it is noticed that a display at rest was unplugged, for three bytes on the wire. */
const PROBE_MS = 5 * SECOND_MS;

/**
 * A display that loses its power between two writes answers as before, but is dark and holds noise,
 * which cannot be read back. So everything is sent again now and then, and whenever the display is
 * woken, for then somebody looks at it. Half an hour keeps that to a few bytes of the bus traffic.
 */
const REFRESH_MS = 30 * MINUTE_MS;

/** How long stopping waits for the newest picture; a whole one takes 0.1 s at 100 kHz. */
const STOP_LIMIT_MS = SECOND_MS;

export interface I2cOledOptions {
  readonly settings: OledSettings;
  readonly place: I2cPlace;
  readonly timers: Timers;
  /** The machine's own buses unless given. */
  readonly openBus?: OpenI2cBus;
}

/**
 * An SSD1306 or SH1106 on an I2C bus, 128 columns wide. Sends what changed, in blocks that every
 * adapter can write, one operation at a time; a newer picture is taken up between two of them. After
 * any error the bus is opened anew, for the library may have mixed up its addresses, and the display
 * gets everything again.
 */
export class I2cOledDisplay implements Display {
  readonly #place: I2cPlace;
  readonly #timers: Timers;
  readonly #device: I2cDevice;
  readonly #mirror: OledMirror;
  readonly #wanted: { bytes: Uint8Array; brightness: Brightness };
  readonly #rest: Nap;
  readonly #pause: Nap;
  #pauseMs = FIRST_PAUSE_MS;
  #onCondition: (condition: PartCondition) => void = () => {};
  #told = "";
  #sendAgain = false;
  #stopping = false;
  #outOfTime = false;
  #work: Promise<void> | undefined;

  constructor({ settings, place, timers, openBus = openI2cBus }: I2cOledOptions) {
    this.#place = place;
    this.#timers = timers;
    this.#device = new I2cDevice(() => openBus(place.bus), place.address, timers);
    this.#mirror = new OledMirror(settings);
    this.#wanted = { bytes: new Uint8Array((OLED_WIDTH * settings.height) / 8), brightness: "off" };
    this.#rest = new Nap(timers);
    this.#pause = new Nap(timers);
  }

  /** Returns at once; the first condition is told when the bus has answered or failed. */
  async start(onCondition: (condition: PartCondition) => void): Promise<void> {
    this.#onCondition = onCondition;
    this.#work ??= this.#run();
  }

  /** @param picture of this display's size; only that much of another one is taken */
  show(picture: Framebuffer, brightness: Brightness): void {
    if (this.#stopping) return;
    const wanted = this.#wanted;
    if (brightness === "full" && wanted.brightness !== "full") this.#sendAgain = true;
    wanted.bytes.set(picture.bytes.subarray(0, wanted.bytes.length));
    wanted.brightness = brightness;
    this.#rest.wake();
  }

  /** The picture stays on the display. Takes a second at most, also while the bus is stuck. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#rest.wake();
    this.#pause.wake();
    const limit = new Nap(this.#timers);
    const finished = this.#work?.finally(() => limit.wake());
    if (!finished) return;
    await Promise.race([finished, limit.sleep(STOP_LIMIT_MS)]);
    this.#outOfTime = true;
  }

  async #run(): Promise<void> {
    while (!this.#stopping) {
      try {
        await this.#device.open();
        await this.#keepShown();
      } catch (error) {
        this.#tell(absenceFor(error, this.#place));
        // A library that is missing stays so until the program is started anew.
        if (error instanceof I2cDriverMissingError) return;
        await this.#device.close();
        if (!this.#stopping) await this.#retryLater();
      }
    }
    await this.#device.close();
  }

  async #retryLater(): Promise<void> {
    const pauseMs = this.#pauseMs;
    this.#pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
    await this.#pause.sleep(pauseMs);
  }

  /** Until stopped. Rejects with whatever the bus fails with. */
  async #keepShown(): Promise<void> {
    // Alone, for it meets a bus that was just opened, and ends a command that was cut off before.
    await this.#probe();
    this.#mirror.forget();
    this.#sendAgain = false;
    let cancelRefresh = this.#refreshLater();
    try {
      while (!this.#outOfTime) {
        if (this.#sendAgain) {
          this.#sendAgain = false;
          this.#mirror.sendAgain();
          cancelRefresh();
          cancelRefresh = this.#refreshLater();
        }
        if (await this.#approach()) continue;
        this.#pauseMs = FIRST_PAUSE_MS;
        this.#tell({ state: "present" });
        if (this.#stopping) return;
        if (await this.#rest.sleep(PROBE_MS)) await this.#probe();
      }
    } finally {
      cancelRefresh();
    }
  }

  /** One step towards the newest picture; false if it is shown already. */
  async #approach(): Promise<boolean> {
    const step = this.#mirror.next(this.#wanted);
    if (!step) return false;
    for (const { control, bytes } of step.blocks) await this.#device.write(control, bytes);
    step.sent();
    return true;
  }

  #probe(): Promise<void> {
    return this.#device.write(COMMANDS, [NOTHING]);
  }

  #refreshLater(): () => void {
    return this.#timers.after(REFRESH_MS, () => {
      this.#sendAgain = true;
      this.#rest.wake();
    });
  }

  #tell(condition: PartCondition): void {
    const told = JSON.stringify(condition);
    if (told === this.#told || this.#stopping) return;
    this.#told = told;
    this.#onCondition(condition);
  }
}
