import type { Lamp } from "../../../src/panel/lamps.ts";

export const WIRE_COLOURS = {
  power: "#d1242f",
  ground: "#24292f",
  sda: "#0969da",
  scl: "#0f8a8a",
  button: "#8250df",
} as const;

export const LAMP_WIRES: Readonly<Record<Lamp, string>> = {
  green: "#1a9c46",
  yellow: "#d4a106",
  red: "#f0627a",
  activity: "#e8700a",
};

/** Lens, rim and highlight of each LED. */
export const LAMP_LENSES: Readonly<Record<Lamp, readonly [string, string]>> = {
  green: ["#3fcf6b", "#1a7f37"],
  yellow: ["#f7d038", "#b58900"],
  red: ["#f2525f", "#b3202b"],
  activity: ["#ff9d3c", "#b65a06"],
};
