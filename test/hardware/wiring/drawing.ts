import { label, rect, svgFile } from "../svg.ts";
import { WIRE_COLOURS } from "./colours.ts";
import { board, headerPads, miniature } from "./header.ts";
import { button, display, leds } from "./parts.ts";
import { SIZE } from "./places.ts";
import { wires } from "./wires.ts";

const STYLE = [
  "text{font:14px 'DejaVu Sans',Verdana,sans-serif;fill:#24292f}",
  ".title{font-size:24px;font-weight:bold}",
  ".strong{font-weight:bold}",
  ".small{font-size:12px}",
  ".on-board{fill:#fff}",
  ".faint{fill:#8fbfa8}",
  ".pad{font-size:11px;fill:#cfe3d8}",
  ".used{fill:#3a2a00;font-weight:bold}",
  ".glass{font:bold 20px 'DejaVu Sans Mono',monospace;fill:#bfe6ff}",
].join("");

const LEGEND = [
  ["3.3 V", WIRE_COLOURS.power],
  ["ground", WIRE_COLOURS.ground],
  ["SDA, data", WIRE_COLOURS.sda],
  ["SCL, clock", WIRE_COLOURS.scl],
  ["button", WIRE_COLOURS.button],
] as const;

const NOTES = [
  "Wire it while the power is off.",
  "Nothing goes to a 5V pin.",
  "The order of the display's pins",
  "differs: go by their names.",
  "LED: the long leg to its resistor,",
  "the short one to ground.",
  "R5, dashed: only for a button",
  "on a cable over 20 cm.",
] as const;

/** The wiring diagram; every pin number in it is from pins.json. */
export function wiringDiagram(): string {
  return svgFile({
    ...SIZE,
    title: "Wiring of the front panel: display, LEDs and button on the 40-pin header",
    style: STYLE,
    parts: [
      rect({ x: 0, y: 0 }, SIZE.width, SIZE.height, { rx: 16, fill: "#f6f8fa" }),
      label({ x: 48, y: 54 }, "KMS Box front panel: wiring", { class: "title" }),
      ...board(),
      ...display(),
      ...button(),
      ...wires(),
      ...headerPads(),
      ...leds(),
      ...miniature(),
      ...legend(),
      ...notes(),
    ],
  });
}

function legend(): string[] {
  return LEGEND.flatMap(([words, colour], i) => {
    const y = 196 + 26 * i;
    return [
      rect({ x: 812, y: y - 8 }, 34, 5, { rx: 2.5, fill: colour }),
      label({ x: 858, y }, words),
    ];
  });
}

function notes(): string[] {
  return [
    label({ x: 806, y: 400 }, "Before power", { class: "strong" }),
    ...NOTES.map((line, i) => label({ x: 806, y: 428 + 22 * i }, line, { class: "small" })),
  ];
}
