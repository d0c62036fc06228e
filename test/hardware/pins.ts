import { readFileSync } from "node:fs";
import type { Lamp } from "../../src/panel/lamps.ts";

/** A line of the header: `gpio` is the BCM number, `pin` its place on the header. */
export interface Line {
  readonly gpio: number;
  readonly pin: number;
}

export interface LedLine extends Line {
  readonly activeLow: boolean;
}

/** `ground` and `pullUp3v3` are pins of the header. */
export interface ButtonLine extends LedLine {
  readonly pull: "up" | "down";
  readonly ground: number;
  readonly pullUp3v3: number;
}

export interface DisplayLines {
  readonly bus: number;
  readonly address: string;
  readonly busFrequencyHz: number;
  readonly sda: Line;
  readonly scl: Line;
  readonly power3v3: number;
  readonly ground: number;
}

export interface Pins {
  readonly button: ButtonLine;
  readonly leds: Readonly<Record<Lamp, LedLine>>;
  readonly ledGround: number;
  readonly display: DisplayLines;
  /** What the pins of each row carry: the odd number first. */
  readonly headerPins: readonly (readonly [string, string])[];
}

export const hardwareFolder = "hardware";

export const pins = JSON.parse(readFileSync(`${hardwareFolder}/pins.json`, "utf8")) as Pins;

/** What a pin of the header carries, such as `GPIO17`, `3V3` or `GND`. */
export function nameOfPin(pin: number): string {
  const row = pins.headerPins[Math.ceil(pin / 2) - 1];
  return row?.[pin % 2 === 1 ? 0 : 1] ?? "";
}

/** One wire from the header to a part of the panel. */
export interface Connection {
  readonly pin: number;
  readonly to: string;
  /** Null for power and ground. */
  readonly gpio: number | null;
  readonly optional?: boolean;
}

/** Every wire that leaves the header, in the order of the parts. */
export function connections(): Connection[] {
  const { display, leds, button, ledGround } = pins;
  return [
    { pin: display.power3v3, to: "display VCC", gpio: null },
    { pin: display.ground, to: "display GND", gpio: null },
    { pin: display.sda.pin, to: "display SDA", gpio: display.sda.gpio },
    { pin: display.scl.pin, to: "display SCL", gpio: display.scl.gpio },
    ...Object.entries(leds).map(([lamp, { pin, gpio }]) => ({
      pin,
      to: `${lamp} LED, through its resistor`,
      gpio,
    })),
    { pin: ledGround, to: "short legs of all LEDs", gpio: null },
    { pin: button.pin, to: "button, one leg", gpio: button.gpio },
    { pin: button.ground, to: "button, the other leg", gpio: null },
    {
      pin: button.pullUp3v3,
      to: "external pull-up of the button",
      gpio: null,
      optional: true,
    },
  ];
}
