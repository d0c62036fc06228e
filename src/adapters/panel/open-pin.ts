import { constants } from "node:fs";
import { access, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { DrivenPin, GpioDriver, PinDirection } from "./gpio-driver.ts";
import { GpioError, gpioErrorFrom } from "./gpio-failures.ts";
import { headerBase } from "./gpio-lines.ts";
import type { HeaderLead } from "./read-pins.ts";

/** How long the system's rules may take to let the service use a pin that it has just asked for. */
const READY_WITHIN_MS = 2000;
const LOOK_EVERY_MS = 20;

/** An input tells both edges. */
export type PinUse = "input" | "output";

export interface PinMeans {
  readonly driver: GpioDriver;
  /** `/sys/class/gpio`, or another folder in tests. */
  readonly folder: string;
  /** False if it was cut short, as the box stops. */
  readonly sleep: (durationMs: number) => Promise<boolean>;
}

/** A pin in use. */
export class OpenPin {
  readonly gpio: DrivenPin;
  /** Whether the kernel was asked for it here; one that was there before is left there. */
  readonly #own: boolean;

  constructor(gpio: DrivenPin, own: boolean) {
    this.gpio = gpio;
    this.#own = own;
  }

  /** Lets go of it. Never throws. */
  close(): void {
    if (this.#own) this.discard();
    else quietly(() => this.gpio.unwatchAll());
  }

  /** Lets go of it altogether, so that it can be opened afresh. Never throws. */
  discard(): void {
    quietly(() => this.gpio.unexport());
  }
}

/** The pin as it is called in messages. */
export function pinName({ gpio, pin }: HeaderLead): string {
  return `GPIO ${gpio} (pin ${pin})`;
}

/**
 * Opens an output, which is not active at first, or an input.
 *
 * The library would wait for the system's rules in a busy loop. So the kernel is asked for the pin
 * here, and the library called once the pin's files can be written.
 *
 * @throws {GpioError}
 */
export async function openPin(lead: HeaderLead, use: PinUse, means: PinMeans): Promise<OpenPin> {
  try {
    const line = (await headerBase(means.folder)) + lead.gpio;
    const own = await exportLine(means.folder, line);
    try {
      await becomeReady(means, line, use);
      return new OpenPin(drive(means.driver, line, lead, use), own);
    } catch (error) {
      if (own) await tell(means.folder, "unexport", line).catch(() => undefined);
      throw error;
    }
  } catch (error) {
    throw gpioErrorFrom(error, pinName(lead));
  }
}

/** Whether it was not there before. */
async function exportLine(folder: string, line: number): Promise<boolean> {
  if (await exists(join(folder, `gpio${line}`))) return false;
  await tell(folder, "export", line);
  return true;
}

function tell(folder: string, file: "export" | "unexport", line: number): Promise<void> {
  return writeFile(join(folder, file), String(line), { flag: "w" });
}

async function becomeReady({ folder, sleep }: PinMeans, line: number, use: PinUse): Promise<void> {
  const files = ["value", "direction", "active_low", ...(use === "input" ? ["edge"] : [])];
  for (let waitedMs = 0; ; waitedMs += LOOK_EVERY_MS) {
    try {
      const needed = constants.R_OK | constants.W_OK;
      for (const file of files) await access(join(folder, `gpio${line}`, file), needed);
      return;
    } catch (error) {
      if (waitedMs >= READY_WITHIN_MS || !(await sleep(LOOK_EVERY_MS))) throw error;
    }
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function drive(driver: GpioDriver, line: number, lead: HeaderLead, use: PinUse): DrivenPin {
  const { activeLow } = lead;
  const rest = activeLow ? "high" : "low";
  const settings = { direction: use === "input" ? "in" : rest, activeLow, use } as const;
  const edge = use === "input" ? "both" : "none";
  const gpio = new driver(line, settings.direction, edge, { activeLow });
  try {
    // Of a pin that was there before, the library hides what it could not set.
    if (!isAsWanted(gpio, settings)) correct(gpio, settings);
    if (isAsWanted(gpio, settings)) return gpio;
    throw new GpioError(
      "pin-unusable",
      `${pinName(lead)} does not become an ${use}: another program sets it otherwise. Stop that ` +
        "program.",
    );
  } catch (error) {
    quietly(() => gpio.unexport());
    throw error;
  }
}

interface PinSettings {
  readonly direction: PinDirection;
  readonly activeLow: boolean;
  readonly use: PinUse;
}

function isAsWanted(gpio: DrivenPin, { activeLow, use }: PinSettings): boolean {
  if (gpio.activeLow() !== activeLow) return false;
  return use === "input"
    ? gpio.direction() === "in" && gpio.edge() === "both"
    : gpio.direction() === "out";
}

function correct(gpio: DrivenPin, { direction, activeLow, use }: PinSettings): void {
  // A pin that tells edges does not become an output, and an output may have none to set.
  quietly(() => gpio.setEdge("none"));
  gpio.setActiveLow(activeLow);
  gpio.setDirection(direction);
  if (use === "input") gpio.setEdge("both");
}

function quietly(call: () => void): void {
  try {
    call();
  } catch {
    // It is gone already.
  }
}
