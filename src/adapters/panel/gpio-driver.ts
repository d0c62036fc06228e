import { GpioError } from "./gpio-failures.ts";

/** What is used of one pin: as the library `onoff` has it. 1 is active, 0 is not. */
export interface DrivenPin {
  read(): Promise<0 | 1>;
  write(value: 0 | 1): Promise<void>;
  watch(onEdge: (error: Error | null | undefined, value: 0 | 1) => void): void;
  unwatchAll(): void;
  direction(): string;
  setDirection(direction: PinDirection): void;
  edge(): string;
  setEdge(edge: PinEdge): void;
  activeLow(): boolean;
  setActiveLow(activeLow: boolean): void;
  unexport(): void;
}

/** `low` and `high` are outputs that begin at that voltage. */
export type PinDirection = "in" | "low" | "high";
export type PinEdge = "none" | "both";

/** @param line the kernel's number of it */
export type GpioDriver = new (
  line: number,
  direction: PinDirection,
  edge: PinEdge,
  options: { activeLow: boolean },
) => DrivenPin;

export type LoadGpioDriver = () => Promise<GpioDriver>;

/**
 * Loads the library that drives the pins. It is native and optional: a machine that could not build
 * it does without.
 *
 * @throws {GpioError}
 */
export async function loadOnoff(): Promise<GpioDriver> {
  try {
    const { Gpio } = await import("onoff");
    return Gpio;
  } catch (cause) {
    throw new GpioError(
      "no-driver",
      "The library onoff cannot be loaded. Install the package with its optional dependencies.",
      { cause },
    );
  }
}
