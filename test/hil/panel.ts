import { setTimeout as sleep } from "node:timers/promises";
import type { Running } from "./guest/agent-link.ts";
import type { Guest } from "./guest.ts";
import { DisplayModel, drawPicture } from "./harness/display-model.ts";
import { Film } from "./harness/film.ts";
import { LineHistory, type Pattern } from "./harness/line-pattern.ts";
import { readLines } from "./harness/read-picture.ts";
import { type BusWrite, type LineEvent, TraceReader } from "./harness/smbus-trace.ts";
import { type Led, PINS } from "./pins.ts";

const BUS = PINS.display.bus;
const ADDRESS = Number(PINS.display.address);
const NOBODY = 0x77;
const CHIP_LABEL = "pinctrl-bcm2835";
const SIMULATED = "/sys/devices/platform/gpio-sim.0/gpiochip0";
const STUB_ADDRESS = "/sys/module/i2c_stub/parameters/chip_addr";
const POLL_MS = 100;
const LOOK_LIMIT_MS = 60_000;
/** A picture that has begun to change has changed after this time. */
const DRAWN_MS = 400;

/** A time by the guest's monotonic clock. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * The front panel as a person before it has it: sees the display and the LEDs, presses the button,
 * pulls the display out. It knows nothing but the bytes on the bus and the levels of the lines.
 */
export class Panel {
  readonly #guest: Guest;
  readonly #firstLine: number;
  readonly #lines = new Map<number, LineHistory>();
  readonly #film = new Film(() => this.#read());
  #display = unclearedDisplay();
  /** Read already; undefined once that may have changed. */
  #text: string | undefined;
  #watching: Running | undefined;
  #failed: unknown;
  #writes = 0;
  #refused = 0;
  #seenUntilMs = 0;

  private constructor(guest: Guest, firstLine: number) {
    this.#guest = guest;
    this.#firstLine = firstLine;
  }

  /** Sees what has happened since the guest started, too: the kernel has kept it. */
  static async watch(guest: Guest): Promise<Panel> {
    const command = `grep -lx ${CHIP_LABEL} /sys/class/gpio/gpiochip*/label`;
    const label = (await guest.run(command)).trim();
    const panel = new Panel(guest, Number(await guest.read(label.replace(/label$/, "base"))));
    panel.#startWatching();
    return panel;
  }

  get display(): DisplayModel {
    return this.#display;
  }

  /** Writes to the display that it took, and those it did not acknowledge. */
  get traffic(): { readonly writes: number; readonly refused: number } {
    return { writes: this.#writes, refused: this.#refused };
  }

  /** What can be read on the display. */
  text(): string {
    if (this.#failed !== undefined) throw this.#failed;
    return this.#read();
  }

  /** What could be read since a moment of the guest's clock, one after the other. */
  textsSince(fromMs: number): string[] {
    if (this.#failed !== undefined) throw this.#failed;
    return this.#film.since(fromMs);
  }

  /** The guest's clock as of the last write to the display, acknowledged or not. */
  get seenUntilMs(): number {
    return this.#seenUntilMs;
  }

  drawing(): string {
    return drawPicture(this.#display.picture());
  }

  /** Waits until the text is as wanted. */
  async shows(wanted: RegExp, limitMs = LOOK_LIMIT_MS): Promise<string> {
    return this.until((text) => wanted.test(text), `the display to show ${wanted}`, limitMs);
  }

  async until(
    holds: (text: string) => boolean,
    what: string,
    limitMs = LOOK_LIMIT_MS,
  ): Promise<string> {
    const end = performance.now() + limitMs;
    for (;;) {
      const text = this.text();
      if (holds(text)) return text;
      if (performance.now() > end) {
        throw new Error(`Waited ${limitMs} ms for ${what}. It shows:\n${text}\n${this.drawing()}`);
      }
      await sleep(POLL_MS);
    }
  }

  /** What an LED has done in the time up to now. */
  async pattern(led: Led, overMs: number): Promise<Pattern> {
    const line = PINS.leds[led].gpio;
    const nowMs = await this.#guest.nowMs();
    const pattern = this.#history(line).pattern(nowMs - overMs, nowMs);
    if (pattern === "off" || pattern === "steady") await this.#confirm(line, pattern);
    return pattern;
  }

  /** Waits until an LED has done for some time what is wanted. */
  async lights(led: Led, wanted: Pattern, overMs = 3000, limitMs = LOOK_LIMIT_MS): Promise<void> {
    const end = performance.now() + limitMs;
    for (;;) {
      const pattern = await this.pattern(led, overMs);
      if (pattern === wanted) return;
      if (performance.now() > end) {
        throw new Error(`Waited ${limitMs} ms for ${led} to be "${wanted}"; it is "${pattern}".`);
      }
      await sleep(POLL_MS);
    }
  }

  /** What an LED did in a time gone by. */
  patternIn(led: Led, { fromMs, toMs }: Span): Pattern {
    return this.#history(PINS.leds[led].gpio).pattern(fromMs, toMs);
  }

  /** Whether an LED did this somewhere in a time gone by, for so long. */
  hasLit(led: Led, wanted: Pattern, { fromMs, toMs }: Span, forMs: number): boolean {
    for (let endMs = fromMs + forMs; endMs <= toMs; endMs += POLL_MS) {
      if (this.patternIn(led, { fromMs: endMs - forMs, toMs: endMs }) === wanted) return true;
    }
    return false;
  }

  /** For how long an LED lit up, each time that it did in a time gone by. */
  flashesIn(led: Led, { fromMs, toMs }: Span): number[] {
    return this.#history(PINS.leds[led].gpio).pulsesMs(fromMs, toMs);
  }

  async press(): Promise<void> {
    await this.#guest.run(this.#pull("down"));
  }

  async release(): Promise<void> {
    await this.#guest.run(this.#pull("up"));
  }

  /** Presses for a time that the guest measures, and returns when that was. */
  async hold(ms: number): Promise<Span> {
    const command = [
      this.#pull("down"),
      "read from rest < /proc/uptime",
      `sleep ${ms / 1000}`,
      "read to rest < /proc/uptime",
      this.#pull("up"),
      "echo $from $to",
    ].join("; ");
    const [from, to] = (await this.#guest.run(command)).split(" ");
    return { fromMs: Number(from) * 1000, toMs: Number(to) * 1000 };
  }

  async tap(): Promise<Span> {
    return this.hold(200);
  }

  /** Taps until this page is there. */
  async turnTo(page: RegExp): Promise<string> {
    const end = performance.now() + LOOK_LIMIT_MS;
    while (!page.test(this.text()) && performance.now() < end) {
      const before = this.text();
      await this.tap();
      await this.until((text) => text !== before, "another page");
      await sleep(DRAWN_MS);
    }
    return this.shows(page);
  }

  /** Pulls the display off the bus: nobody answers at its address. */
  async unplugDisplay(): Promise<void> {
    await this.#guest.write(STUB_ADDRESS, `${NOBODY}`);
    this.#takeNewDisplay();
  }

  /** Puts a display in that has just got power: off, and its memory full of noise. */
  async plugInDisplay(): Promise<void> {
    this.#takeNewDisplay();
    await this.#guest.write(STUB_ADDRESS, `${ADDRESS}`);
  }

  stopWatching(): void {
    this.#watching?.stop();
  }

  #takeNewDisplay(): void {
    this.#display = unclearedDisplay();
    this.#text = undefined;
  }

  #read(): string {
    this.#text ??= readLines(this.#display.picture()).join("\n");
    return this.#text;
  }

  #startWatching(): void {
    const reader = new TraceReader({
      onWrite: (write) => this.#onWrite(write),
      onLine: (event) => this.#onLine(event),
    });
    this.#watching = this.#guest.start("cat /sys/kernel/tracing/trace_pipe", {
      onStdout: (text) => {
        try {
          reader.push(text);
        } catch (error) {
          this.#failed = error;
        }
      },
    });
  }

  #onWrite({ atMs, bus, address, command, bytes, result }: BusWrite): void {
    if (bus !== BUS || address !== ADDRESS) return;
    this.#seenUntilMs = atMs;
    if (result === 0) {
      this.#writes++;
      this.#film.beforeWrite(atMs);
      this.#display.write(command, bytes);
      this.#text = undefined;
    } else {
      this.#refused++;
    }
  }

  #onLine(event: LineEvent): void {
    this.#history(event.line - this.#firstLine).record(event);
  }

  #history(line: number): LineHistory {
    const known = this.#lines.get(line);
    if (known) return known;
    const history = new LineHistory();
    this.#lines.set(line, history);
    return history;
  }

  /** The kernel told what was asked of the line; this is the level that the line has. */
  async #confirm(line: number, pattern: "off" | "steady"): Promise<void> {
    const level = Number(await this.#guest.read(`${SIMULATED}/sim_gpio${line}/value`));
    const nowMs = await this.#guest.nowMs();
    const told = this.#history(line).levelAt(nowMs);
    const expected = pattern === "steady" ? 1 : 0;
    if (told === expected && level !== expected) {
      throw new Error(`GPIO${line} was told to be ${expected} and is ${level}.`);
    }
  }

  /** The button connects its line, which a resistor pulls up, to ground. */
  #pull(direction: "down" | "up"): string {
    return `echo pull-${direction} > ${SIMULATED}/sim_gpio${PINS.button.gpio}/pull`;
  }
}

/** A memory of anything but the same twice: what is not written again shows. */
function unclearedDisplay(): DisplayModel {
  return new DisplayModel((index) => (index * 151 + 89) & 0xff);
}
