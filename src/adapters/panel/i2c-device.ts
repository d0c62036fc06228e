import { KmsError } from "../../domain/errors.ts";
import { SECOND_MS } from "../../domain/units.ts";
import type { Timers } from "../../ports/clock.ts";
import type { I2cBus } from "./i2c-bus.ts";

/** Kernel drivers give up after a second; what takes longer may never end. */
export const OPERATION_LIMIT_MS = 2 * SECOND_MS;
/** The limit is waited for in steps. */
const STEPS = 8;

/** An operation on the bus did not end in time, or one from before still has not. */
export class I2cStuckError extends KmsError {
  readonly code = "bus-stuck";
}

/**
 * One device on a bus. Its caller waits for each operation before the next: the library may send one
 * of two to another address. Every operation ends in time, done or rejected.
 */
export class I2cDevice {
  readonly #openBus: () => Promise<I2cBus>;
  readonly #address: number;
  readonly #timers: Timers;
  #bus: I2cBus | undefined;
  /** Operations given up that still hold a thread of the pool that all file access goes through. */
  #overdue = 0;

  constructor(openBus: () => Promise<I2cBus>, address: number, timers: Timers) {
    this.#openBus = openBus;
    this.#address = address;
    this.#timers = timers;
  }

  /**
   * Opens the bus, which tells nothing about the device.
   *
   * @throws {I2cStuckError} an operation from before has not ended yet: another would pile up
   */
  async open(): Promise<void> {
    if (this.#overdue > 0) throw new I2cStuckError("An operation on the bus does not end.");
    this.#bus = await this.#inTime(this.#openBus(), (bus) => {
      if (bus) void closeQuietly(bus);
    });
  }

  /**
   * @param bytes at most 32
   * @throws {I2cStuckError} or what the library fails with
   */
  async write(command: number, bytes: readonly number[]): Promise<void> {
    const bus = this.#bus;
    if (!bus) throw new Error("The bus is not open.");
    const work = bus.writeI2cBlock(this.#address, command, bytes.length, Buffer.from(bytes));
    await this.#inTime(work, () => void closeQuietly(bus));
  }

  /** Lets go of the bus; one whose operation does not end is closed when it does. Never rejects. */
  async close(): Promise<void> {
    const bus = this.#bus;
    this.#bus = undefined;
    if (bus && this.#overdue === 0) await this.#inTime(closeQuietly(bus), () => {});
  }

  /** @param late what to do when the work ends after it was given up, with what it gave if it did */
  #inTime<T>(work: Promise<T>, late: (value: T | undefined) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      let givenUp = false;
      const cancel = this.#afterLimit(() => {
        givenUp = true;
        this.#overdue++;
        reject(new I2cStuckError("An operation on the bus did not end in time."));
      });
      const end = (value: T | undefined) => {
        cancel();
        if (!givenUp) return;
        this.#overdue--;
        late(value);
      };
      // What settles after it was given up settles nothing.
      work.then(
        (value) => {
          end(value);
          resolve(value);
        },
        (error: unknown) => {
          end(undefined);
          reject(error);
        },
      );
    });
  }

  /**
   * While the process is busy, as it is when it starts, no operation can end, though time passes. The
   * step in which that happens is a long one; the others remain.
   */
  #afterLimit(call: () => void): () => void {
    let cancel = () => {};
    const wait = (steps: number) => {
      const next = () => (steps > 1 ? wait(steps - 1) : call());
      cancel = this.#timers.after(OPERATION_LIMIT_MS / STEPS, next);
    };
    wait(STEPS);
    return () => cancel();
  }
}

/** A bus is closed when nothing more can be done about its errors. */
async function closeQuietly(bus: I2cBus): Promise<void> {
  await bus.close().catch(() => {});
}
