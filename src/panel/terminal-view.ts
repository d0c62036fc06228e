import type { Framebuffer } from "./framebuffer.ts";
import { LAMPS, type Lamp, type LampLevels } from "./lamps.ts";
import type { Brightness } from "./screen.ts";
import { brailleDots, halfBlocks } from "./text-art.ts";

/** Columns and rows of a terminal. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** What a terminal shows of the front panel. */
export interface PanelView {
  readonly picture: Framebuffer;
  readonly brightness: Brightness;
  readonly levels: LampLevels;
}

/** Lines beside the picture: frame above and below, LEDs, and the line that the cursor stands on. */
const OTHER_LINES = 4;
/** The frame left and right. */
const OTHER_COLUMNS = 2;

const RESET = "\u001B[0m";
const DIM = "\u001B[2m";
/** SGR colours of the lit LEDs: green, yellow, red, and white for activity. */
const LAMP_COLOURS: Readonly<Record<Lamp, string>> = {
  green: "\u001B[92m",
  yellow: "\u001B[93m",
  red: "\u001B[91m",
  activity: "\u001B[97m",
};
const LAMP_LABELS: Readonly<Record<Lamp, string>> = {
  green: "status",
  yellow: "attention",
  red: "fault",
  activity: "activity",
};

/**
 * The panel for a terminal: half blocks where they fit, else braille dots, which need a half of the
 * width and of the height. Undefined if even these do not fit.
 */
export function terminalView(view: PanelView, terminal: TerminalSize): string[] | undefined {
  const drawn = [halfBlocks, brailleDots].find((draw) => fits(draw, view.picture, terminal));
  if (!drawn) return undefined;
  const lines = drawn(view.picture);
  const width = lines[0]?.length ?? 0;
  const edge = "─".repeat(width);
  return [
    `┌${edge}┐`,
    ...lines.map((line) => `│${shade(line, view.brightness)}│`),
    `└${edge}┘`,
    lampLine(view.levels),
  ];
}

type Draw = (picture: Framebuffer) => string[];

function fits(draw: Draw, { width, height }: Framebuffer, { columns, rows }: TerminalSize) {
  const [across, down] = draw === halfBlocks ? [width, height / 2] : [width / 2, height / 4];
  return across + OTHER_COLUMNS <= columns && down + OTHER_LINES <= rows;
}

function shade(line: string, brightness: Brightness): string {
  if (brightness === "off") return " ".repeat(line.length);
  return brightness === "dim" ? `${DIM}${line}${RESET}` : line;
}

function lampLine(levels: LampLevels): string {
  return LAMPS.map((lamp) => {
    const dot = levels[lamp] ? `${LAMP_COLOURS[lamp]}●${RESET}` : `${DIM}○${RESET}`;
    return ` ${dot} ${LAMP_LABELS[lamp]}`;
  }).join("  ");
}
