import { pins } from "../pins.ts";
import type { Point } from "../svg.ts";

/** Where things stand in the drawing of the wiring. */
export const SIZE = { width: 1072, height: 950 };

export const BOARD = { x: 420, y: 116, width: 320, height: 604 };
const FIRST_ROW_Y = 176;
const ROW_HEIGHT = 26;

/** The centre of a pin: odd numbers at the board's left edge, even ones at its right. */
export function pinAt(pin: number): Point {
  const row = Math.ceil(pin / 2) - 1;
  const x = pin % 2 === 1 ? BOARD.x + 20 : BOARD.x + BOARD.width - 20;
  return { x, y: FIRST_ROW_Y + row * ROW_HEIGHT };
}

/** Where a wire meets a pin: at its outer side, so that the number stays readable. */
export function contactAt(pin: number): Point {
  const { x, y } = pinAt(pin);
  return { x: pin % 2 === 1 ? x - 10 : x + 10, y };
}

const DISPLAY_PINS = ["GND", "VCC", "SCL", "SDA"] as const;
export type DisplayPin = (typeof DISPLAY_PINS)[number];
export const DISPLAY = { x: 48, y: 116, width: 250, height: 160 };

/** The display's pins in the order that most modules have. */
export function displayPins(): { name: DisplayPin; at: Point }[] {
  const { y } = pinAt(pins.display.power3v3);
  return DISPLAY_PINS.map((name, i) => ({
    name,
    at: { x: DISPLAY.x + DISPLAY.width - 16, y: y + (i - 1) * ROW_HEIGHT },
  }));
}

export const BUTTON = { x: 88, width: 150, height: 96 };

/** The button's two legs: ground and signal. */
export function buttonLegs(): { ground: Point; signal: Point } {
  const x = BUTTON.x + BUTTON.width;
  return {
    ground: { x, y: pinAt(pins.button.ground).y + 60 },
    signal: { x, y: pinAt(pins.button.pin).y + 72 },
  };
}

/** LEDs stand in columns below the board; activity first, so that few wires cross. */
export const LED_COLUMNS = { activity: 150, green: 370, yellow: 650, red: 850 } as const;
export const LED_ROWS = { wire: 756, resistor: 784, led: 858, ground: 906 };
