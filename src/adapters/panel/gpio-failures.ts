import { KmsError } from "../../domain/errors.ts";
import type { PartCondition } from "../../ports/panel.ts";

/** Why a pin cannot be used; stable, for scripts. */
export type GpioFailureCode =
  | "no-driver"
  | "no-gpio"
  | "no-header"
  | "no-permission"
  | "read-only"
  | "pin-in-use"
  | "pin-unusable"
  | "gpio-failed";

/** The header's pins, or one of them, cannot be used. The message says what to do. */
export class GpioError extends KmsError {
  readonly code: GpioFailureCode;

  constructor(code: GpioFailureCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** What an errno of sysfs means, and what to do. */
const FAILURES: Readonly<Record<string, readonly [GpioFailureCode, string]>> = {
  EACCES: ["no-permission", "the service may not use it. Add its user to the group gpio."],
  EPERM: ["no-permission", "the service may not use it. Add its user to the group gpio."],
  EROFS: [
    "read-only",
    "/sys is read-only to the service. Its unit must not set ProtectKernelTunables.",
  ],
  EBUSY: [
    "pin-in-use",
    "a driver of the kernel uses it. Remove the overlay that names it from config.txt, such as " +
      "gpio-key or gpio-led, and restart the board.",
  ],
  EINVAL: ["pin-unusable", "the kernel does not know it or cannot use it so."],
  EIO: ["pin-unusable", "the kernel cannot use it so. Another program may have claimed it."],
  ENOENT: ["pin-unusable", "the kernel does not offer it so. Another program may have taken it."],
};

/**
 * Translates whatever using a pin failed with.
 *
 * @param name of the pin or of what was to be used, for a person, such as "GPIO 17 (pin 11)"
 */
export function gpioErrorFrom(error: unknown, name: string): GpioError {
  if (error instanceof GpioError) return error;
  const { code } = (error ?? {}) as { code?: unknown };
  const known = typeof code === "string" ? FAILURES[code] : undefined;
  if (known) return new GpioError(known[0], `${name}: ${known[1]}`, { cause: error });
  const reason = error instanceof Error ? error.message : String(error);
  return new GpioError("gpio-failed", `${name}: ${reason}`, { cause: error });
}

/** The same as a part of the panel tells it. */
export function absentBy(error: unknown, name: string): PartCondition {
  const { code, message } = gpioErrorFrom(error, name);
  return { state: "absent", code, reason: message };
}
