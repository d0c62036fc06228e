import type { PartCondition } from "../../ports/panel.ts";
import { I2cDriverMissingError } from "./i2c-bus.ts";
import { I2cStuckError } from "./i2c-device.ts";

/** Why a device on the bus cannot be used; stable, for scripts. */
export type I2cFailureCode =
  | "no-driver"
  | "no-bus"
  | "no-permission"
  | "no-answer"
  | "address-in-use"
  | "not-supported"
  | "bus-stuck"
  | "bus-failed";

export type Absence = Extract<PartCondition, { state: "absent" }> & {
  readonly code: I2cFailureCode;
};

/** Where the device should be. */
export interface I2cPlace {
  /** 1 for `/dev/i2c-1`. */
  readonly bus: number;
  readonly address: number;
}

/**
 * Codes by errno of Linux. Numbers, for the library names none: a failed SMBus call has an empty
 * `code`, and Node does not know EREMOTEIO.
 */
const CODES: Readonly<Record<number, I2cFailureCode>> = {
  1: "no-permission", // EPERM: denied by the service's DeviceAllow
  2: "no-bus", // ENOENT
  6: "no-answer", // ENXIO, from some adapters
  11: "bus-stuck", // EAGAIN: lost arbitration, though nobody else should speak
  13: "no-permission", // EACCES
  16: "address-in-use", // EBUSY
  19: "no-answer", // ENODEV, from some adapters
  95: "not-supported", // EOPNOTSUPP
  110: "bus-stuck", // ETIMEDOUT
  121: "no-answer", // EREMOTEIO
};

/** Translates whatever using a bus failed with; the reason says what to do. */
export function absenceFor(error: unknown, place: I2cPlace): Absence {
  const code = codeFor(error);
  return { state: "absent", code, reason: reasonFor(code, error, place) };
}

function codeFor(error: unknown): I2cFailureCode {
  if (error instanceof I2cDriverMissingError) return error.code;
  if (error instanceof I2cStuckError) return error.code;
  const { errno, syscall } = (error ?? {}) as { errno?: unknown; syscall?: unknown };
  // Plain calls fail with a negative number, SMBus calls with a positive one.
  const code = typeof errno === "number" ? CODES[Math.abs(errno)] : undefined;
  // The same numbers say of a device that it is not there, and of the bus when it is opened.
  if (code === "no-answer" && syscall === "open") return "no-bus";
  return code ?? "bus-failed";
}

function reasonFor(code: I2cFailureCode, error: unknown, { bus, address }: I2cPlace): string {
  const device = `/dev/i2c-${bus}`;
  const at = `0x${address.toString(16)}`;
  switch (code) {
    case "no-driver":
      return "the library i2c-bus is not installed, or was not built for this machine: install with a C++ compiler and make present";
    case "no-bus":
      return `there is no ${device}: enable I2C with raspi-config, or with dtparam=i2c_arm=on in config.txt, and restart`;
    case "no-permission":
      return `${device} may not be used: add the user to group i2c, and allow the device in the service's unit`;
    case "no-answer":
      return `nothing answers at ${at} on ${device}: check the display's four wires and its address`;
    case "address-in-use":
      return `a driver of the kernel has taken ${at} on ${device}: remove its overlay from config.txt`;
    case "not-supported":
      return `${device} cannot write I2C blocks: use another adapter`;
    case "bus-stuck":
      return `${device} is stuck: check that neither SDA nor SCL is shorted, then take the display off its power`;
    case "bus-failed":
      return `${device} failed: ${error instanceof Error ? error.message : String(error)}`;
  }
}
