import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { runDemo } from "../../src/cli/box/demo/run-demo.ts";
import { drawScreen } from "../../src/panel/draw-screen.ts";
import type { Framebuffer } from "../../src/panel/framebuffer.ts";
import { brailleDots, halfBlocks } from "../../src/panel/text-art.ts";
import { bootFacts } from "../../src/services/panel/boot-facts.ts";
import { readLines } from "../hil/harness/read-picture.ts";
import { temporaryFolder } from "../support/box-process.ts";
import { CTRL_C, Demonstration, LARGE } from "./demonstration.ts";
import { requireScript } from "./terminal-session.ts";

const QUIET = { pauseMs: 0, product: undefined, processes: false, fresh: false, quiet: true };

function textIn(picture: Framebuffer): string {
  const rows = Array.from({ length: picture.height }, (_, y) =>
    Array.from({ length: picture.width }, (__, x) => picture.get(x, y)),
  );
  return readLines(rows).join("\n");
}

describe("the front panel in a terminal", function suite() {
  this.timeout(60_000);
  let folder: string;
  let data: string;
  let boxes = 0;
  let box: Demonstration;

  before(async () => {
    requireScript();
    folder = await temporaryFolder();
  });
  after(() => rm(folder, { recursive: true, force: true }));
  beforeEach(() => {
    data = join(folder, `box-${++boxes}`);
  });
  afterEach(() => box.close());

  it("is drawn with half blocks where they fit, log lines going by above it", async () => {
    box = await Demonstration.start(data, LARGE);
    await box.draws(halfBlocks);
    await runDemo(data, { ...QUIET, clients: 3 });
    await box.tells(/3 of 25\n/);
    await box.draws(halfBlocks);
    const { screen } = box.terminal;
    const top = screen.findIndex((line) => line.startsWith("┌"));
    assert.match(screen[top - 1] ?? "", /request-received {2}DEMO-PC-03 is counted/);
    assert.match(screen.at(-1) ?? "", /[●○] status {3}○ attention/);
    assert.equal(screen.filter((line) => line.startsWith("┌")).length, 1);
  });

  it("leaves on Ctrl-C that the box has stopped, and the terminal as it was", async () => {
    box = await Demonstration.start(data, LARGE);
    box.type(CTRL_C);
    await box.endsSane(0);
    assert.match(box.output, /service-stopped/);
    const stopped = drawScreen({ kind: "stopped" }, bootFacts(""), { width: 128, height: 64 });
    assert.deepEqual(box.drawn, halfBlocks(stopped));
  });

  it("is drawn with braille dots in a usual terminal, and turns its page on Enter", async () => {
    box = await Demonstration.start(data);
    await box.draws(brailleDots);
    box.type("\r");
    await box.tells(/^host /);
    await box.draws(brailleDots);
    box.type(CTRL_C);
    await box.endsSane(0);
  });

  it("shows a code while nothing else does if the space bar is held for 3 s", async () => {
    box = await Demonstration.start(data);
    await box.hold(" ", 3500);
    await box.tells(/^one-time code/);
    await box.draws(brailleDots);
    const text = textIn(await box.panelPicture());
    const [, first, second] = /^([2-9A-Z]{4})\n([2-9A-Z]{4})$/m.exec(text) ?? [];
    assert.ok(first && second, text);
    box.type(CTRL_C);
    await box.endsSane(0);
    assert.match(box.output, /admin-code-shown/);
    assert.ok(!box.output.includes(first) && !box.output.includes(second), "It was printed.");
  });

  it("starts again in the same program after 6 s, and works as before", async () => {
    box = await Demonstration.start(data);
    await box.hold(" ", 6500);
    await box.printed(/The box starts again/);
    await box.tells(/0 of 25\n/);
    await box.draws(brailleDots);
    box.type("\r");
    await box.tells(/^host /);
    await box.draws(brailleDots);
    box.type(CTRL_C);
    await box.endsSane(0);
  });

  it("starts again any number of times without leaving anything behind", async () => {
    box = await Demonstration.start(data);
    for (let restarts = 1; restarts <= 12; restarts++) {
      await box.restart();
      const welcomes = () => box.output.split("Ctrl-C stops the box").length - 1;
      await box.until(`restart ${restarts}`, () => welcomes() > restarts);
    }
    box.type("\r");
    await box.tells(/^host /);
    await box.draws(brailleDots);
    box.type(CTRL_C);
    await box.endsSane(0);
    assert.doesNotMatch(box.output, /Warning/);
  });

  it("comes back after the terminal was tiny", async () => {
    box = await Demonstration.start(data, LARGE);
    await box.draws(halfBlocks);
    for (const [columns, rows] of [
      [30, 5],
      [1, 1],
      [30, 5],
    ] as const) {
      await box.resize(columns, rows);
      await runDemo(data, { ...QUIET, clients: 1 });
    }
    await box.until("what it needs", () =>
      (box.terminal.screen.at(-1) ?? "").startsWith("Make the terminal at least"),
    );
    await box.resize(140, 50);
    await box.draws(halfBlocks);
    box.type(CTRL_C);
    await box.endsSane(0);
  });
});
