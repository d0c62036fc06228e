import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type {
  DrivenPin,
  GpioDriver,
  PinDirection,
  PinEdge,
} from "../../../src/adapters/panel/gpio-driver.ts";
import type { Timers } from "../../../src/ports/clock.ts";
import type { PartCondition } from "../../../src/ports/panel.ts";

/** As on a Raspberry Pi 4 with a kernel of today. */
const BASE = 512;

/** An error as Node has it from the system. */
export function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: as the test wants it`), { code });
}

/**
 * A folder like `/sys/class/gpio` with a kernel behind it, timers whose time is no time, and a
 * library like `onoff` that works on that folder.
 */
export class GpioRig implements Timers {
  readonly folder = mkdtempSync(join(tmpdir(), "kms-box-gpio-"));
  /** All that was waited for. */
  readonly pauses: number[] = [];
  readonly pins: FakePin[] = [];
  readonly conditions: PartCondition[] = [];
  /** Every write to a pin, in its order: `534=1`. */
  readonly writes: string[] = [];
  /** Thrown when a pin is constructed, or read and written. */
  constructError: Error | undefined;
  useError: Error | undefined;
  /** Called while a pin is read. */
  onRead: () => void = () => undefined;
  /** Levels of lines that something outside determines. */
  readonly inputs = new Map<number, 0 | 1>();
  /** Lines for which the kernel makes this file only after so many looks. */
  lateFile: { readonly file: string; looks: number } | undefined;
  /** Settings of pins that were exported before, which do not take others. */
  obstinate: ReadonlySet<string> = new Set();
  /** Settings that are taken, and yet do not become so. */
  deaf: ReadonlySet<string> = new Set();
  /** Held back, time stands still at pauses as long as these. */
  holdFromMs = Number.POSITIVE_INFINITY;
  readonly #held = new Set<() => void>();

  constructor() {
    this.addChip("gpiochip512", "pinctrl-bcm2711", BASE, 58);
    for (const file of ["export", "unexport"]) writeFileSync(join(this.folder, file), "");
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  addChip(name: string, label: string, base: number, lines: number): void {
    const folder = join(this.folder, name);
    mkdirSync(folder);
    for (const [file, value] of Object.entries({ label, base, ngpio: lines })) {
      writeFileSync(join(folder, file), `${value}\n`);
    }
  }

  after(delayMs: number, call: () => void): () => void {
    this.pauses.push(delayMs);
    if (delayMs >= this.holdFromMs) {
      this.#held.add(call);
      return () => this.#held.delete(call);
    }
    const timer = setImmediate(() => {
      this.serve();
      call();
    });
    return () => clearImmediate(timer);
  }

  /** Lets time go on past what was held back. */
  release(): void {
    const held = [...this.#held];
    this.#held.clear();
    for (const call of held) call();
  }

  /** What was last asked of the kernel in this file. */
  asked(file: "export" | "unexport"): string {
    return readFileSync(join(this.folder, file), "utf8");
  }

  /** The kernel does what was written to `export`. */
  serve(): void {
    const asked = this.asked("export");
    if (asked !== "") this.exportPin(Number(asked));
    writeFileSync(join(this.folder, "export"), "");
    if (!this.lateFile || --this.lateFile.looks > 0) return;
    for (const line of this.exported) {
      writeFileSync(join(this.folder, `gpio${line}`, this.lateFile.file), "0");
    }
    this.lateFile = undefined;
  }

  exportPin(line: number, settings: Readonly<Record<string, string>> = {}): void {
    const folder = join(this.folder, `gpio${line}`);
    mkdirSync(folder, { recursive: true });
    const files = { value: "0", direction: "in", active_low: "0", edge: "none", ...settings };
    for (const [file, value] of Object.entries(files)) {
      if (file !== this.lateFile?.file) writeFileSync(join(folder, file), value);
    }
  }

  get exported(): number[] {
    const lines = Array.from({ length: 58 }, (_, number) => BASE + number);
    return lines.filter((line) => existsSync(join(this.folder, `gpio${line}`)));
  }

  /** The newest use of a line; fails the test if there is none. */
  pin(line: number): FakePin {
    const pin = this.pins.findLast((one) => one.line === line);
    if (!pin) throw new Error(`Nobody uses line ${line}.`);
    return pin;
  }

  readonly onCondition = (condition: PartCondition): void => {
    this.conditions.push(condition);
  };

  /** Present, or why not. */
  get told(): string[] {
    return this.conditions.map((one) => (one.state === "present" ? "present" : one.code));
  }

  readonly loadDriver = async (): Promise<GpioDriver> => driverOn(this);

  /** Waits until something has come about, while real files are read and written. */
  async until(come: () => boolean): Promise<void> {
    for (let tries = 0; !come(); tries++) {
      if (tries > 500) throw new Error("It does not come about.");
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
}

function driverOn(rig: GpioRig): GpioDriver {
  return class extends FakePin {
    constructor(
      line: number,
      direction: PinDirection,
      edge: PinEdge,
      options: { activeLow: boolean },
    ) {
      super(rig, line, direction, edge, options);
    }
  };
}

/** A pin of a library like `onoff`, which hides what it cannot set, as that does. */
export class FakePin implements DrivenPin {
  readonly line: number;
  readonly #rig: GpioRig;
  readonly #folder: string;
  #onEdge: ((error: Error | null | undefined, value: 0 | 1) => void) | undefined;
  open = true;
  /** Operations under way; two at once would reach the pin in any order. */
  #busy = 0;

  constructor(
    rig: GpioRig,
    line: number,
    direction: PinDirection,
    edge: PinEdge,
    { activeLow }: { activeLow: boolean },
  ) {
    this.#rig = rig;
    this.line = line;
    this.#folder = join(rig.folder, `gpio${line}`);
    if (rig.constructError) throw rig.constructError;
    if (!existsSync(join(this.#folder, "value"))) throw new Error("It would wait in a busy loop.");
    this.#quietly(() => this.setActiveLow(activeLow));
    this.#quietly(() => this.setDirection(direction));
    if (direction === "in") this.#quietly(() => this.setEdge(edge));
    rig.pins.push(this);
  }

  get watched(): boolean {
    return this.#onEdge !== undefined;
  }

  /** An edge, or what the library tells in place of one. */
  edgeTo(value: 0 | 1, error?: Error): void {
    this.#onEdge?.(error, value);
  }

  async read(): Promise<0 | 1> {
    await this.#work();
    this.#rig.onRead();
    return this.#rig.inputs.get(this.line) ?? 0;
  }

  async write(value: 0 | 1): Promise<void> {
    await this.#work();
    this.#rig.writes.push(`${this.line}=${value}`);
  }

  async #work(): Promise<void> {
    if (!this.open) throw systemError("EBADF");
    if (this.#busy++ > 0) throw new Error("Two operations at once.");
    await new Promise((resolve) => setImmediate(resolve));
    this.#busy--;
    if (this.#rig.useError) throw this.#rig.useError;
  }

  watch(onEdge: (error: Error | null | undefined, value: 0 | 1) => void): void {
    this.#onEdge = onEdge;
  }

  unwatchAll(): void {
    this.#onEdge = undefined;
  }

  unexport(): void {
    if (!this.open) throw systemError("EBADF");
    this.unwatchAll();
    this.open = false;
    rmSync(this.#folder, { recursive: true, force: true });
  }

  direction(): string {
    return this.#get("direction");
  }

  setDirection(direction: PinDirection): void {
    this.#set("direction", direction === "in" ? "in" : "out");
    if (direction !== "in") this.#rig.writes.push(`${this.line} starts ${direction}`);
  }

  edge(): string {
    return this.#get("edge");
  }

  setEdge(edge: PinEdge): void {
    this.#set("edge", edge);
  }

  activeLow(): boolean {
    return this.#get("active_low") === "1";
  }

  setActiveLow(activeLow: boolean): void {
    this.#set("active_low", activeLow ? "1" : "0");
  }

  #get(file: string): string {
    return readFileSync(join(this.#folder, file), "utf8").trim();
  }

  /** An output is not made of a pin that tells edges. */
  #set(file: string, value: string): void {
    if (this.#rig.obstinate.has(file)) throw systemError("EACCES");
    if (this.#rig.deaf.has(file)) return;
    if (file === "direction" && value === "out" && this.edge() !== "none") throw systemError("EIO");
    writeFileSync(join(this.#folder, file), value);
  }

  #quietly(call: () => void): void {
    try {
      call();
    } catch {
      // As the library does for a pin that was exported before.
    }
  }
}
