import { LAMPS, type Lamp } from "../../../src/panel/lamps.ts";
import { pins } from "../pins.ts";
import { circle, element, type Point } from "../svg.ts";
import { LAMP_WIRES, WIRE_COLOURS } from "./colours.ts";
import { resistor } from "./parts.ts";
import {
  BOARD,
  buttonLegs,
  contactAt,
  type DisplayPin,
  displayPins,
  LED_COLUMNS,
  LED_ROWS,
} from "./places.ts";

const CASING = "#f6f8fa";

/** A wire with a border in the background's colour, so that crossings are seen to be no joints. */
function wire(colour: string, points: readonly Point[], attributes = {}): string {
  const d = points.map(({ x, y }, i) => `${i === 0 ? "M" : "L"}${x} ${y}`).join("");
  const shape = { d, fill: "none", "stroke-linejoin": "round", "stroke-linecap": "round" };
  return (
    element("path", { ...shape, stroke: CASING, "stroke-width": 8 }) +
    element("path", { ...shape, stroke: colour, "stroke-width": 4, ...attributes })
  );
}

function joint(at: Point, colour: string): string {
  return circle(at, 6, { fill: colour });
}

export function wires(): string[] {
  return [...ledWires(), ...buttonWires(), ...displayWires()];
}

function displayWires(): string[] {
  const at = (wanted: DisplayPin): Point =>
    displayPins().find(({ name }) => name === wanted)?.at ?? { x: 0, y: 0 };
  const { sda, scl, power3v3, ground } = pins.display;
  const crossed = (pin: number, target: Point, colour: string): string => {
    const from = contactAt(pin);
    return wire(colour, [from, { x: 395, y: from.y }, { x: 350, y: target.y }, target]);
  };
  const from = contactAt(ground);
  const above = BOARD.y - 18;
  const right = BOARD.x + BOARD.width + 22;
  return [
    wire(WIRE_COLOURS.power, [contactAt(power3v3), at("VCC")]),
    crossed(scl.pin, at("SCL"), WIRE_COLOURS.scl),
    crossed(sda.pin, at("SDA"), WIRE_COLOURS.sda),
    wire(WIRE_COLOURS.ground, [
      from,
      { x: right, y: from.y },
      { x: right, y: above },
      { x: 350, y: above },
      { x: 350, y: at("GND").y },
      at("GND"),
    ]),
  ];
}

const BUTTON_TURNS = { ground: 306, signal: 336 };

function buttonWires(): string[] {
  const { ground, signal } = buttonLegs();
  const from = { ground: contactAt(pins.button.ground), signal: contactAt(pins.button.pin) };
  const elbow = (start: Point, x: number, end: Point): Point[] => [
    start,
    { x, y: start.y },
    { x, y: end.y },
    end,
  ];
  return [
    ...pullUp({ x: BUTTON_TURNS.signal, y: signal.y }),
    wire(WIRE_COLOURS.ground, elbow(from.ground, BUTTON_TURNS.ground, ground)),
    wire(WIRE_COLOURS.button, elbow(from.signal, BUTTON_TURNS.signal, signal)),
    joint({ x: BUTTON_TURNS.signal, y: signal.y }, WIRE_COLOURS.button),
  ];
}

/** Dashed, since the board's own pull-up does on short wires. */
function pullUp(node: Point): string[] {
  const dashed = { "stroke-dasharray": "2 8" };
  const power = contactAt(pins.button.pullUp3v3);
  const top = { x: node.x, y: node.y + 26 };
  const below = { x: node.x, y: top.y + 38 };
  const turn = 372;
  return [
    wire(WIRE_COLOURS.button, [node, top], dashed),
    wire(
      WIRE_COLOURS.power,
      [
        below,
        { x: below.x, y: below.y + 22 },
        { x: turn, y: below.y + 22 },
        { x: turn, y: power.y },
        power,
      ],
      dashed,
    ),
    ...resistor(top, "R5", "left"),
  ];
}

/** How far from the board each LED's wire runs down, and how far below it turns to its column. */
const LED_TURNS: Readonly<Record<Lamp, { readonly x: number; readonly y: number }>> = {
  activity: { x: 390, y: 742 },
  green: { x: 406, y: 756 },
  yellow: { x: BOARD.x + BOARD.width + 22, y: 742 },
  red: { x: BOARD.x + BOARD.width + 40, y: 756 },
};

function ledWires(): string[] {
  const ground = LED_ROWS.ground;
  const from = contactAt(pins.ledGround);
  const right = 1026;
  return [
    wire(WIRE_COLOURS.ground, [
      from,
      { x: right, y: from.y },
      { x: right, y: ground },
      { x: LED_COLUMNS.activity, y: ground },
    ]),
    ...LAMPS.flatMap((lamp) => {
      const x = LED_COLUMNS[lamp];
      const colour = LAMP_WIRES[lamp];
      const start = contactAt(pins.leds[lamp].pin);
      const turn = LED_TURNS[lamp];
      return [
        wire(colour, [
          { x, y: LED_ROWS.resistor + 38 },
          { x, y: LED_ROWS.led },
        ]),
        wire(WIRE_COLOURS.ground, [
          { x, y: LED_ROWS.led },
          { x, y: ground },
        ]),
        joint({ x, y: ground }, WIRE_COLOURS.ground),
        wire(colour, [
          start,
          { x: turn.x, y: start.y },
          turn,
          { x, y: turn.y },
          { x, y: LED_ROWS.resistor },
        ]),
      ];
    }),
  ];
}
