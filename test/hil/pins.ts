import { readFileSync } from "node:fs";
import { join } from "node:path";

export type Led = "green" | "yellow" | "red" | "activity";

/** The places of the panel on the header, as the project states them. */
interface Pins {
  readonly button: { readonly gpio: number };
  readonly leds: Readonly<Record<Led, { readonly gpio: number }>>;
  readonly display: { readonly bus: number; readonly address: string };
}

export const PINS: Pins = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../hardware/pins.json"), "utf8"),
);
