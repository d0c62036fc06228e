import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { KmsError } from "../../domain/errors.ts";
import type { Lamp } from "../../panel/lamps.ts";
import { Check, type Static, Type } from "../../protocol/typebox.ts";

const MOST_GPIO = 27;
const HEADER_PINS = 40;

const Gpio = Type.Integer({ minimum: 0, maximum: MOST_GPIO });
const Pin = Type.Integer({ minimum: 1, maximum: HEADER_PINS });
const Lead = Type.Object({ gpio: Gpio, pin: Pin, activeLow: Type.Boolean() });

/** What is used of the file; the rest is for people and drawings. */
const PinsFile = Type.Object({
  button: Lead,
  leds: Type.Object({ green: Lead, yellow: Lead, red: Lead, activity: Lead }),
  display: Type.Object({
    bus: Type.Integer({ minimum: 0 }),
    address: Type.String({ pattern: "^0x[0-7][0-9a-f]$" }),
  }),
});

/** Where something is connected: `gpio` is the BCM number, `pin` the header's. */
export type HeaderLead = Static<typeof Lead>;

export interface PanelPins {
  readonly button: HeaderLead;
  readonly leds: Readonly<Record<Lamp, HeaderLead>>;
  /** I2C bus and 7-bit address. */
  readonly display: { readonly bus: number; readonly address: number };
}

/** The list of pins is missing or wrong; the message says which file and what to do. */
export class PinsUnreadableError extends KmsError {
  readonly code = "pins-unreadable";
}

/**
 * Reads where the panel is connected, from the file that comes with the program.
 *
 * @throws {PinsUnreadableError}
 */
export async function readPins(file: URL = pinsFile()): Promise<PanelPins> {
  const found = await parsed(file);
  if (!Check(PinsFile, found)) {
    throw new PinsUnreadableError(
      `${fileURLToPath(file)} does not tell the pins of the front panel: each lead needs gpio, pin ` +
        "and activeLow, the display bus and address. Restore it from the package.",
    );
  }
  const { button, leds, display } = found;
  return { button, leds, display: { bus: display.bus, address: Number(display.address) } };
}

async function parsed(file: URL): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PinsUnreadableError(
      `${fileURLToPath(file)} cannot be read: ${reason}. Restore it from the package.`,
      { cause },
    );
  }
}

/** The nearest one above: code is run from `dist/`, from `src/`, and deeper when it is measured. */
function pinsFile(): URL {
  const candidates = ["../../", "../../../", "../../../../"].map(
    (up) => new URL(`${up}hardware/pins.json`, import.meta.url),
  );
  return candidates.find((url) => existsSync(url)) ?? new URL("pins.json", import.meta.url);
}
