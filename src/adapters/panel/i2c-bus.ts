import { KmsError } from "../../domain/errors.ts";

/** What is used of a bus: as the library `i2c-bus` has it. */
export interface I2cBus {
  /** One transaction: the address, `command`, and `length` bytes of `buffer`, 32 at most. */
  writeI2cBlock(address: number, command: number, length: number, buffer: Buffer): Promise<unknown>;
  close(): Promise<void>;
}

/** @param bus its number, 1 for `/dev/i2c-1` */
export type OpenI2cBus = (bus: number) => Promise<I2cBus>;

/** The library that drives the bus is not on this machine, or not for it. */
export class I2cDriverMissingError extends KmsError {
  readonly code = "no-driver";
}

/**
 * Opens a bus of this machine. The library is loaded only now: it is native and optional, and a
 * machine that could not build it does without.
 *
 * @throws {I2cDriverMissingError}
 */
export async function openI2cBus(bus: number): Promise<I2cBus> {
  const { openPromisified } = await import("i2c-bus").catch((cause: unknown) => {
    throw new I2cDriverMissingError("The library i2c-bus cannot be loaded.", { cause });
  });
  return openPromisified(bus);
}
