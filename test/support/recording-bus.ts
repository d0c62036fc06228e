import assert from "node:assert/strict";
import type { I2cBus } from "../../src/adapters/panel/i2c-bus.ts";
import type { OledModel } from "./oled-model.ts";
import type { VirtualTimers } from "./virtual-timers.ts";

/** One transaction. */
export interface Transaction {
  readonly atMs: number;
  readonly control: number;
  readonly bytes: readonly number[];
}

/** What happens instead of a transaction: an error of the library, or nothing ever. */
export type BusFault = Error | "hang" | undefined;

/** An error as `i2c-bus` gives it for SMBus calls. */
export function smbusError(errno: number): Error {
  return Object.assign(new Error(`Unknown system error ${errno}`), {
    errno,
    code: "",
    syscall: "writeI2cBlock",
  });
}

/** As long as a byte and its acknowledgement take. */
const BITS_PER_BYTE = 9;

/** A bus with one display, which keeps what went over its wires, takes time, and fails on demand. */
export class RecordingBus {
  readonly transactions: Transaction[] = [];
  readonly openedAtMs: number[] = [];
  /** What no driver may do, kept here because a driver takes it for an error of the bus. */
  readonly violations: unknown[] = [];
  /** Buses opened and not closed again. */
  open = 0;
  plugged = true;
  /** Asked before every transaction and, with `undefined`, before opening. */
  fault: (bytes: readonly number[] | undefined) => BusFault = () => undefined;
  readonly #model: OledModel;
  readonly #timers: VirtualTimers;
  readonly #frequencyHz: number;
  #busy = false;
  #letGo: (() => void)[] = [];

  constructor(model: OledModel, timers: VirtualTimers, frequencyHz = 400_000) {
    this.#model = model;
    this.#timers = timers;
    this.#frequencyHz = frequencyHz;
  }

  /** Address, control and payload of everything since the count was last taken. */
  takeWireBytes(): number {
    return this.transactions.splice(0).reduce((sum, { bytes }) => sum + 2 + bytes.length, 0);
  }

  unplug(): void {
    this.plugged = false;
  }

  plug(): void {
    this.#model.powerOn();
    this.plugged = true;
  }

  /** Operations that hang end after all, with an error. */
  release(): void {
    for (const letGo of this.#letGo.splice(0)) letGo();
  }

  readonly openBus = async (): Promise<I2cBus> => {
    this.openedAtMs.push(this.#timers.nowMs);
    await this.#failIfAsked(undefined);
    this.open++;
    let closed = false;
    return {
      writeI2cBlock: (address, control, length, buffer) =>
        this.#watched(async () => {
          assert.ok(!closed, "written to a closed bus");
          assert.ok(!this.#busy, "one operation at a time");
          assert.equal(address, 0x3c);
          assert.ok(length >= 1 && length <= 32, "SMBus carries 32 bytes at most");
          this.#busy = true;
          const transfer = this.#transfer(control, [...buffer.subarray(0, length)]);
          await transfer.finally(() => {
            this.#busy = false;
          });
        }),
      close: () =>
        this.#watched(async () => {
          assert.ok(!closed, "closed twice");
          assert.ok(!this.#busy, "closed under an operation");
          closed = true;
          this.open--;
        }),
    };
  };

  async #watched(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof assert.AssertionError) this.violations.push(error);
      throw error;
    }
  }

  async #transfer(control: number, bytes: readonly number[]): Promise<void> {
    await this.#failIfAsked(bytes);
    const wireMs = ((bytes.length + 2) * BITS_PER_BYTE * 1000) / this.#frequencyHz;
    await new Promise<void>((resolve) => this.#timers.after(wireMs, resolve));
    if (!this.plugged) throw smbusError(121);
    this.transactions.push({ atMs: this.#timers.nowMs, control, bytes });
    this.#model.take(control, bytes);
  }

  async #failIfAsked(bytes: readonly number[] | undefined): Promise<void> {
    const fault = this.fault(bytes);
    if (fault === "hang") {
      await new Promise<void>((resolve) => this.#letGo.push(resolve));
      throw smbusError(110);
    }
    if (fault) throw fault;
  }
}
