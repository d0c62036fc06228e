import { stripVTControlCharacters } from "node:util";
import { Command } from "commander";
import { Framebuffer } from "../../panel/framebuffer.ts";
import { levelsAt } from "../../panel/lamp-patterns.ts";
import { LAMPS, type LampPattern } from "../../panel/lamps.ts";
import { terminalView } from "../../panel/terminal-view.ts";
import type { PanelAnswer } from "../../web/api/schemas.ts";
import { formatLogTime } from "../support/dates.ts";
import { print } from "../support/lines.ts";
import { printJson } from "../support/output.ts";
import { UsageError } from "../support/run-program.ts";
import { AdminClient } from "./admin-client.ts";
import { boxFolder, type WatchFlags, withWatch } from "./options.ts";
import { type Screen, type View, watch } from "./watch.ts";

/** Often enough for the fast blink. */
const REDRAW_MS = 125;

interface PanelFlags extends WatchFlags {
  readonly png?: string;
  readonly text?: boolean;
  readonly testPicture?: boolean;
  readonly picture?: string;
}

/** `kms-box panel`: the running box's front panel. */
export function panelCommand(): Command {
  return withWatch(new Command("panel"))
    .description("show the front panel of the running box")
    .option("--png <file>", "write the picture as a PNG file")
    .option("--text", "say in words what is shown")
    .option("--test-picture", "show a picture with a border on the display for 30 s")
    .option("--picture <name>", "draw one picture while no box runs: starting, off")
    .addHelpText("after", HELP)
    .action(runPanel);
}

const HELP = `
Drawn with half blocks in a terminal of 130 columns, in smaller ones with braille dots. With --watch it
is redrawn in place; into a pipe goes one line, or with --json one document, for each change.
--picture is for the machine's own start and shutdown: without a display it does nothing, and succeeds.
A PNG may show a one-time administrator code: it can be read by its owner alone.

Exit status: 0 shown, 1 no box runs there or it has no panel, 2 wrong usage or configuration.

Examples:
  kms-box panel --watch
  kms-box panel --png panel.png
  kms-box panel --text
  kms-box panel --test-picture`;

async function runPanel(flags: PanelFlags): Promise<void> {
  refuseContradiction(flags);
  if (flags.picture !== undefined) return drawPicture(flags.picture, flags);
  const client = new AdminClient(await boxFolder(flags));
  if (flags.watch) {
    await watch(panelView(client, flags), flags.json ?? false, REDRAW_MS);
    return;
  }
  if (flags.testPicture) await client.panelAct("test-picture");
  const panel = await client.panel();
  if (flags.png !== undefined) await writePng(flags.png, panel);
  if (flags.json) printJson(panel);
  else if (flags.png !== undefined) print(`The front panel is in ${flags.png}.`);
  else print(...shownLines(panel, flags, process.stdout));
}

function refuseContradiction(flags: PanelFlags): void {
  const { watch: watched, png, testPicture, text, picture } = flags;
  if (picture !== undefined && (watched || png !== undefined || testPicture || text)) {
    throw new UsageError("--picture goes with --json only.");
  }
  if (watched && (png !== undefined || testPicture)) {
    throw new UsageError("--watch goes with --text and --json only.");
  }
}

async function drawPicture(name: string, flags: PanelFlags): Promise<void> {
  // Loaded here, so that the other commands start without the drivers.
  const { drawOnPanel } = await import("./panel-picture.ts");
  const drawn = await drawOnPanel(name, flags);
  if (flags.json) printJson(drawn);
  else if (drawn.shown) print(`The display shows "${name}".`);
  else print(`Nothing is drawn: ${drawn.reason}`);
}

async function writePng(file: string, panel: PanelAnswer): Promise<void> {
  // Loaded here, so that the other commands start without it.
  const { writePanelPng } = await import("./panel-png.ts");
  await writePanelPng(file, pictureOf(panel), panel.brightness);
}

function panelView(client: Pick<AdminClient, "panel">, flags: PanelFlags): View<PanelAnswer> {
  return {
    read: () => client.panel(),
    screen: (panel) => shownLines(panel, flags, process.stdout),
    changes: (panel, before) =>
      said(panel) === (before && said(before))
        ? []
        : [`${formatLogTime(Date.now())}  ${said(panel)}`],
    documents: (panel, before) => (JSON.stringify(panel) === JSON.stringify(before) ? [] : [panel]),
  };
}

/** The whole panel in one line of words. */
function said(panel: PanelAnswer): string {
  return [...panel.lines, ...darkness(panel), ...ledWords(panel)].join("; ");
}

function darkness({ brightness }: PanelAnswer): string[] {
  return brightness === "full" ? [] : [`display ${brightness === "off" ? "dark" : "dimmed"}`];
}

function shownLines(panel: PanelAnswer, { text }: PanelFlags, screen: Screen): string[] {
  const drawn = text ? undefined : drawnLines(panel, screen);
  return drawn ?? [...panel.lines, ...darkness(panel), ...ledWords(panel)];
}

function drawnLines(panel: PanelAnswer, { isTTY, columns, rows }: Screen): string[] | undefined {
  const view = {
    picture: pictureOf(panel),
    brightness: panel.brightness,
    levels: levelsAt(panel.leds, performance.now(), 0),
  };
  // A file or a pipe takes any size, and no colours.
  if (!isTTY)
    return terminalView(view, { columns: 1000, rows: 1000 })?.map((line) =>
      stripVTControlCharacters(line),
    );
  return terminalView(view, { columns: columns || 80, rows: rows || 24 });
}

function ledWords({ leds }: PanelAnswer): string[] {
  const words: Readonly<Record<LampPattern, string | undefined>> = {
    off: undefined,
    steady: "on",
    slow: "blinks slowly",
    fast: "blinks fast",
  };
  return LAMPS.flatMap((lamp) => {
    const word = words[leds[lamp]];
    return word === undefined ? [] : `${lamp} LED ${word}`;
  });
}

function pictureOf({ width, height, picture }: PanelAnswer): Framebuffer {
  return new Framebuffer(width, height, new Uint8Array(Buffer.from(picture, "base64")));
}
