import { holdActionOf, nextHoldTier, STUCK_AFTER_MS } from "../../src/panel/hold-tiers.ts";
import { LAMPS } from "../../src/panel/lamps.ts";
import type { HoldAction } from "../../src/panel/screen.ts";
import { amountOf } from "./bill-of-materials.ts";
import { configTxt } from "./boot-settings.ts";
import { GPIO_VOLTS, ledCurrents, REFERENCES } from "./led-currents.ts";
import { HEIGHTS, pictureName, SHOWN } from "./page-pictures.ts";
import { connections, nameOfPin, pins } from "./pins.ts";

/** The parts of the hardware's README that are made from pins, parts and pages, by their marker. */
export function readmeSections(): Record<string, string> {
  return {
    pins: pinTable(),
    steps: wiringSteps(),
    detect: addressCheck(),
    currents: currentTable(),
    button: buttonTable(),
    config: ["```ini", configTxt().trimEnd(), "```"].join("\n"),
    pages: pageTable(),
  };
}

/** The text with every marked section replaced; a section without markers is an error. */
export function withSections(text: string, sections: Readonly<Record<string, string>>): string {
  return Object.entries(sections).reduce((result, [name, content]) => {
    const begin = `<!-- made by generate: ${name} -->\n`;
    const end = `\n<!-- end of ${name} -->`;
    const from = result.indexOf(begin);
    const to = result.indexOf(end);
    if (from < 0 || to < from) throw new Error(`the README has no markers of ${name}`);
    return `${result.slice(0, from)}${begin}\n${content}\n${result.slice(to)}`;
  }, text);
}

/** A table whose columns are as wide as their widest cell, as the formatter writes them. */
function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((_, column) =>
    Math.max(3, ...[header, ...rows].map((row) => (row[column] ?? "").length)),
  );
  const line = (cells: readonly string[], filler = " "): string =>
    `| ${widths.map((width, i) => (cells[i] ?? "").padEnd(width, filler)).join(" | ")} |`;
  return [
    line(header),
    line(
      header.map(() => ""),
      "-",
    ),
    ...rows.map((row) => line(row)),
  ].join("\n");
}

function pinTable(): string {
  const rows = connections().map(({ pin, to, optional }) => [
    `${pin}`,
    nameOfPin(pin),
    optional === true ? `${to}, optional` : to,
  ]);
  return table(["pin", "carries", "goes to"], rows);
}

/** Ground first, power last, so that nothing is half connected while it has power. */
function wiringSteps(): string {
  const { display, leds, button, ledGround } = pins;
  const lamps = LAMPS.map((lamp) => {
    const { resistor } = REFERENCES[lamp];
    return (
      `The ${lamp} LED: a wire from pin ${leds[lamp].pin} to one end of ${resistor} ` +
      `(${amountOf(resistor)} Ω), its other end to the LED's long leg, the short leg to the ground rail.`
    );
  });
  const steps = [
    `Ground rail: a wire from pin ${ledGround} to the breadboard's blue (−) rail.`,
    ...lamps,
    `Button: a wire from pin ${button.ground} to one leg and one from pin ${button.pin} to the leg ` +
      "diagonally opposite. Of a tactile switch's four legs two are always connected; the diagonal is " +
      "right on every one.",
    `Display, the power still off: GND to pin ${display.ground}, SDA to pin ${display.sda.pin}, SCL to ` +
      `pin ${display.scl.pin}, and VCC, the last wire of all, to pin ${display.power3v3} (3V3). Go by the ` +
      "names printed on the module: their order differs.",
  ];
  return steps.map((step, i) => `${i + 1}. ${step}`).join("\n");
}

function addressCheck(): string {
  const { bus, address } = pins.display;
  const hex = address.slice(2);
  return [
    "```sh",
    "sudo apt-get install -y i2c-tools",
    "sudo raspi-config nonint do_i2c 0        # 0 turns I2C on",
    `i2cdetect -y ${bus}                          # shows ${hex} in the row of ${hex.slice(0, 1)}0`,
    "```",
  ].join("\n");
}

function currentTable(): string {
  const rows = ledCurrents().map(({ lamp, forwardVolts, ohms, milliamps }) => [
    `${REFERENCES[lamp].led} ${lamp}`,
    `${forwardVolts.toFixed(1)} V`,
    `(${GPIO_VOLTS} V − ${forwardVolts.toFixed(1)} V) / ${ohms} Ω`,
    `${milliamps.toFixed(1)} mA`,
  ]);
  const total = ledCurrents().reduce((sum, { milliamps }) => sum + milliamps, 0);
  return table(
    ["LED", "takes", "current", "result"],
    [...rows, ["all lit", "", "", `${total.toFixed(1)} mA`]],
  );
}

const ACTIONS: Readonly<Record<HoldAction, string>> = {
  tap: "wakes the display, or turns to the next page",
  code: "shows a one-time administrator code",
  restart: "restarts the service in 3 s; a tap switches the machine off",
  reset: "asks for a factory reset; a tap within 10 s confirms it",
  nothing: "does nothing: the button is taken to be stuck",
};

function buttonTable(): string {
  const rows: [string, string][] = [];
  for (let heldMs = 0; heldMs < STUCK_AFTER_MS; heldMs = nextHoldTier(heldMs).fromMs) {
    const held = heldMs === 0 ? "a tap" : `${heldMs / 1000} s`;
    rows.push([held, ACTIONS[holdActionOf(heldMs)]]);
  }
  rows.push([`over ${STUCK_AFTER_MS / 1000} s`, ACTIONS.nothing]);
  return table(["held for", "letting go"], rows);
}

/** The screens at both sizes, beside what they are. */
function pageTable(): string {
  const rows = Object.entries(SHOWN).map(([screen, words]) => [
    words,
    ...HEIGHTS.map(
      (height) => `<img src="pages/${pictureName(screen, height)}" width="280" alt="">`,
    ),
  ]);
  return table(["it shows", ...HEIGHTS.map((height) => `128x${height}`)], rows);
}
