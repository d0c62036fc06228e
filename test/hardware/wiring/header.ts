import { connections, nameOfPin, pins } from "../pins.ts";
import { element, label, type Point, rect } from "../svg.ts";
import { BOARD, pinAt } from "./places.ts";

const PAD = 20;

/** The board under the wires. */
export function board(): string[] {
  return [
    rect(BOARD, BOARD.width, BOARD.height, { rx: 14, fill: "#1b5e40", stroke: "#123f2b" }),
    label({ x: BOARD.x + BOARD.width / 2, y: BOARD.y + 30 }, "Raspberry Pi, 40-pin header", {
      class: "on-board strong",
      "text-anchor": "middle",
    }),
    ...orientation(),
  ];
}

/** The 40 pins above the wires: pads at the edges, names inside, so that no wire meets a name. */
export function headerPads(): string[] {
  const used = new Set(connections().map(({ pin }) => pin));
  return pinNumbers().flatMap((pin) => pad(pin, used.has(pin)));
}

function pinNumbers(): number[] {
  return pins.headerPins.flatMap((_, row) => [2 * row + 1, 2 * row + 2]);
}

function pad(pin: number, used: boolean): string[] {
  const { x, y } = pinAt(pin);
  const odd = pin % 2 === 1;
  const name = { x: odd ? x + 20 : x - 20, y: y + 4.5 };
  return [
    rect({ x: x - PAD / 2, y: y - PAD / 2 }, PAD, PAD, {
      rx: pin === 1 ? 0 : 10,
      fill: used ? "#f2c14e" : "#3d7a5d",
    }),
    label({ x, y: y + 4 }, `${pin}`, {
      class: used ? "pad used" : "pad",
      "text-anchor": "middle",
    }),
    label(name, nameOfPin(pin), {
      class: used ? "on-board strong" : "on-board faint",
      "text-anchor": odd ? "start" : "end",
    }),
  ];
}

/** Where pin 1 is on the real board, in small beside the names of the unused pins. */
function orientation(): string[] {
  const centre = BOARD.x + BOARD.width / 2;
  const y = BOARD.y + BOARD.height - 12;
  return [
    label({ x: centre, y }, "odd pins: inner row, even pins: outer row", {
      class: "on-board small",
      "text-anchor": "middle",
    }),
  ];
}

const MINI = { x: 236, y: 480, pitch: 11 };

/** The same header as it looks from above: two rows close together. */
export function miniature(): string[] {
  const used = new Set(connections().map(({ pin }) => pin));
  const height = 20 * MINI.pitch;
  const dot = (pin: number): string => {
    const at = miniPin(pin);
    const attributes = { fill: used.has(pin) ? "#f2c14e" : "#9aa7b0" };
    return pin === 1
      ? rect({ x: at.x - 4.5, y: at.y - 4.5 }, 9, 9, attributes)
      : element("circle", { cx: at.x, cy: at.y, r: 4.5, ...attributes });
  };
  return [
    rect({ x: MINI.x - 138, y: MINI.y - 22 }, 172, height + 44, {
      rx: 8,
      fill: "#1b5e40",
    }),
    rect({ x: MINI.x - 2, y: MINI.y - 2 }, 2 * MINI.pitch + 4, height + 4, {
      rx: 3,
      fill: "#15181c",
    }),
    ...pinNumbers().map(dot),
    label({ x: MINI.x - 8, y: MINI.y + 10 }, "pin 1", {
      class: "on-board small",
      "text-anchor": "end",
    }),
    label({ x: MINI.x - 72, y: MINI.y - 4 }, "microSD card", {
      class: "on-board small",
      "text-anchor": "middle",
    }),
    label({ x: MINI.x - 72, y: MINI.y + height + 12 }, "USB ports", {
      class: "on-board small",
      "text-anchor": "middle",
    }),
  ];
}

function miniPin(pin: number): Point {
  const row = Math.ceil(pin / 2) - 1;
  const column = pin % 2 === 1 ? 0.5 : 1.5;
  return { x: MINI.x + column * MINI.pitch, y: MINI.y + (row + 0.5) * MINI.pitch };
}
