import { LAMPS, type Lamp } from "../../../src/panel/lamps.ts";
import { amountOf } from "../bill-of-materials.ts";
import { REFERENCES } from "../led-currents.ts";
import { pins } from "../pins.ts";
import { circle, element, label, type Point, rect } from "../svg.ts";
import { LAMP_LENSES } from "./colours.ts";
import { BUTTON, buttonLegs, DISPLAY, displayPins, LED_COLUMNS, LED_ROWS } from "./places.ts";

/** The display's module: glass, name and its four pins. */
export function display(): string[] {
  const { x, y, width, height } = DISPLAY;
  return [
    rect({ x, y }, width, height, { rx: 8, fill: "#17456e", stroke: "#0d2c47" }),
    rect({ x: x + 18, y: y + 40 }, 150, 88, { rx: 4, fill: "#0b0f14", stroke: "#2b5f8e" }),
    label({ x: x + 93, y: y + 80 }, "KMS BOX", { class: "glass", "text-anchor": "middle" }),
    label({ x: x + 93, y: y + 104 }, "25 of 25", { class: "glass", "text-anchor": "middle" }),
    label({ x: x + 18, y: y + 26 }, "OLED display", { class: "on-board strong" }),
    label({ x: x + 18, y: y + 148 }, `I2C address ${pins.display.address}`, {
      class: "on-board",
    }),
    ...displayPins().flatMap(({ name, at }) => [
      circle(at, 7, { fill: "#f2c14e" }),
      label({ x: at.x - 14, y: at.y + 4.5 }, name, {
        class: "on-board strong",
        "text-anchor": "end",
      }),
    ]),
  ];
}

/** A push button seen from above, with the optional resistor's place beside it. */
export function button(): string[] {
  const { ground, signal } = buttonLegs();
  const top = (ground.y + signal.y) / 2 - BUTTON.height / 2;
  const centre = { x: BUTTON.x + BUTTON.width / 2 - 8, y: top + BUTTON.height / 2 };
  return [
    rect({ x: BUTTON.x, y: top }, BUTTON.width - 16, BUTTON.height, {
      rx: 8,
      fill: "#d0d7de",
      stroke: "#6e7781",
    }),
    circle(centre, 30, { fill: "#32383f", stroke: "#15181c" }),
    circle({ x: centre.x - 6, y: centre.y - 7 }, 12, { fill: "#57606a" }),
    ...[ground, signal].map((leg) =>
      rect({ x: leg.x - 18, y: leg.y - 4 }, 18, 8, { fill: "#8c959f" }),
    ),
    label({ x: BUTTON.x, y: top - 10 }, "push button", { class: "strong" }),
  ];
}

/** Resistor, LED and the way to ground of each lamp. */
export function leds(): string[] {
  return LAMPS.flatMap((lamp) => {
    const x = LED_COLUMNS[lamp];
    return [...resistor({ x, y: LED_ROWS.resistor }, REFERENCES[lamp].resistor), ...led(lamp, x)];
  });
}

const BANDS = ["#15181c", "#7a4a21", "#d1242f", "#e8700a", "#f2c14e"] as const;

/** Drawn upright, with the colour bands of its value and 5 %. */
export function resistor(top: Point, reference: string, labelled = "right"): string[] {
  const ohms = amountOf(reference);
  const x = top.x + (labelled === "right" ? 18 : -18);
  const anchor = labelled === "right" ? "start" : "end";
  const digits = `${ohms}`;
  const bands = [Number(digits[0]), Number(digits[1]), digits.length - 2];
  const band = (colour: string, offset: number): string =>
    rect({ x: top.x - 8, y: top.y + offset }, 16, 4, { fill: colour });
  return [
    rect({ x: top.x - 8, y: top.y }, 16, 38, { rx: 6, fill: "#e8d9b5", stroke: "#a08a5b" }),
    ...bands.map((digit, i) => band(BANDS[digit] ?? "#000", 6 + 7 * i)),
    band("#b59020", 30),
    label({ x, y: top.y + 16 }, reference, { class: "strong", "text-anchor": anchor }),
    label({ x, y: top.y + 33 }, shownOhms(ohms), { "text-anchor": anchor }),
  ];
}

function shownOhms(ohms: number): string {
  return ohms >= 1000 ? `${ohms / 1000} kΩ` : `${ohms} Ω`;
}

function led(lamp: Lamp, x: number): string[] {
  const y = LED_ROWS.led;
  const [lens, rim] = LAMP_LENSES[lamp];
  return [
    circle({ x, y }, 17, { fill: lens, stroke: rim, "stroke-width": 2 }),
    circle({ x: x - 5, y: y - 6 }, 5, { fill: "#fff", "fill-opacity": 0.65 }),
    // The flat side of the rim is the cathode.
    element("path", { d: `M${x - 11} ${y + 15}h22`, stroke: rim, "stroke-width": 4 }),
    label({ x: x + 26, y: y - 2 }, `${REFERENCES[lamp].led} ${lamp}`, { class: "strong" }),
    label({ x: x + 26, y: y + 16 }, "long leg up", { class: "small" }),
  ];
}
