import assert from "node:assert/strict";
import { chmod, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { decode } from "fast-png";
import { runDemo } from "../../src/cli/box/demo/run-demo.ts";
import { Framebuffer } from "../../src/panel/framebuffer.ts";
import { testPicture } from "../../src/panel/test-picture.ts";
import { halfBlocks } from "../../src/panel/text-art.ts";
import type { PanelAnswer } from "../../src/web/api/schemas.ts";
import { readsAtAnyScale } from "../panel/reading.ts";
import { BoxProcess, RunningProgram, runProgram, temporaryFolder } from "../support/box-process.ts";

const QUIET = { pauseMs: 0, product: undefined, processes: false, fresh: false, quiet: true };
/** Pages that stay, so that every run sees the same one. */
const STILL = { display: { pageSeconds: 3600 } };
type Refusal = { error: { code: string; message: string } };

function pictureOf({ width, height, picture }: PanelAnswer): Framebuffer {
  return new Framebuffer(width, height, new Uint8Array(Buffer.from(picture, "base64")));
}

/** Pixels that are bright in the middle of their square. */
async function litInPng(file: string): Promise<Framebuffer> {
  const { width, height, data } = decode(await readFile(file));
  const scale = height / 72;
  assert.deepEqual([width / scale, scale], [136, 6]);
  const lit = new Framebuffer(128, 64);
  for (let y = 0; y < 64; y++) {
    for (let x = 0; x < 128; x++) {
      const place = ((y + 4) * scale + 2) * width + (x + 4) * scale + 2;
      lit.set(x, y, (data[3 * place] ?? 0) > 128);
    }
  }
  return lit;
}

describe("kms-box panel", () => {
  let folder: string;
  let box: BoxProcess;

  before(async () => {
    folder = await temporaryFolder();
    await writeFile(join(folder, "config.json"), JSON.stringify(STILL));
    const args = ["--config", join(folder, "config.json")];
    box = await BoxProcess.start({ demo: true, args });
    await runDemo(box.data, { ...QUIET, clients: 2 });
  });

  after(async () => {
    await box.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const ask = (...args: string[]) => runProgram("kms-box", ["panel", "--data", box.data, ...args]);

  async function panel(): Promise<PanelAnswer> {
    const answer = await ask("--json");
    assert.equal(answer.status, 0, answer.stderr);
    return answer.json<PanelAnswer>();
  }

  it("draws the picture and the LEDs, without colours in a pipe", async () => {
    const { status, stdout } = await ask();
    assert.equal(status, 0);
    const lines = stdout.trimEnd().split("\n");
    const picture = pictureOf(await panel());
    assert.deepEqual(
      lines.slice(1, -2),
      halfBlocks(picture).map((line) => `│${line}│`),
    );
    assert.match(lines.at(-1) ?? "", /^ [●○] status {3}○ attention {3}○ fault {3}○ activity$/);
  });

  it("tells the same as JSON", async () => {
    const { lines, leds, parts, ...rest } = await panel();
    assert.deepEqual(lines, ["Demonstration product", "2 of 25", "NEEDS 23 MORE"]);
    assert.deepEqual(leds, { green: "slow", yellow: "off", red: "off", activity: "off" });
    assert.deepEqual(Object.keys(parts), ["display", "leds", "button"]);
    assert.deepEqual([rest.width, rest.height, rest.brightness], [128, 64, "full"]);
    assert.ok(readsAtAnyScale(pictureOf({ lines, leds, parts, ...rest }), "2"));
  });

  it("says it in words", async () => {
    const { stdout } = await ask("--text");
    const words = "Demonstration product\n2 of 25\nNEEDS 23 MORE\ngreen LED blinks slowly\n";
    assert.equal(stdout, words);
  });

  it("is a PNG file of every pixel, for its owner's eyes only", async () => {
    const file = join(folder, "panel.png");
    // One that was there, and that everybody could read.
    await writeFile(file, "x".repeat(100_000));
    await chmod(file, 0o644);
    const { status, stdout } = await ask("--png", file);
    assert.deepEqual([status, stdout], [0, `The front panel is in ${file}.\n`]);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    assert.ok((await litInPng(file)).equals(pictureOf(await panel())));
  });

  it("says why a PNG file cannot be written", async () => {
    const { status, stderr } = await ask("--png", join(folder, "absent", "panel.png"));
    assert.equal(status, 1);
    assert.match(stderr, /^Error: Cannot write .*panel\.png: there is no such file or folder/);
    const answer = await ask("--png", folder, "--json");
    assert.equal(answer.json<Refusal>().error.code, "file-not-accessible");
  });

  it("shows the test picture", async () => {
    const file = join(folder, "test.png");
    const { status } = await ask("--test-picture", "--png", file);
    assert.equal(status, 0);
    assert.ok((await litInPng(file)).equals(testPicture(128, 64)));
    assert.deepEqual((await panel()).lines, ["test picture"]);
  });

  it("lets the yellow LED blink", async () => {
    const { status, stdout } = await runProgram("kms-box", ["identify", "--data", box.data]);
    assert.deepEqual([status, stdout], [0, "The yellow LED blinks for a minute.\n"]);
    assert.equal((await panel()).leds.yellow, "slow");
  });

  for (const other of [["--png", "x.png"], ["--test-picture"]]) {
    it(`does not go on with ${other[0]}`, async () => {
      const { status, stderr } = await ask("--watch", ...other);
      assert.deepEqual([status, stderr], [2, "Error: --watch goes with --text and --json only.\n"]);
    });
  }

  it("says that no box runs", async () => {
    const answer = await runProgram("kms-box", ["panel", "--data", folder, "--json"]);
    assert.equal(answer.status, 1);
    assert.equal(answer.json<Refusal>().error.code, "box-not-running");
  });

  it("says how to turn it on where it is off", async () => {
    const without = await BoxProcess.start({ args: ["--no-panel"] });
    const data = ["--data", without.data];
    const answer = await runProgram("kms-box", ["panel", "--json", ...data]);
    const watched = await runProgram("kms-box", ["panel", "--watch", ...data]);
    assert.equal(await without.stop(), 0);
    assert.equal(answer.status, 1);
    assert.equal(answer.json<Refusal>().error.code, "panel-off");
    assert.equal(watched.status, 1);
    assert.match(watched.stderr, /^Error: The front panel is turned off\./);
  });
});

describe("kms-box panel --watch", () => {
  let box: BoxProcess;
  let folder: string;

  before(async () => {
    folder = await temporaryFolder();
    await writeFile(join(folder, "config.json"), JSON.stringify(STILL));
    box = await BoxProcess.start({ demo: true, args: ["--config", join(folder, "config.json")] });
  });

  after(async () => {
    await box.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it("is a line for each change in a pipe, and climbs while clients ask", async () => {
    const watch = new RunningProgram("kms-box", ["panel", "--watch", "--data", box.data]);
    const lines: string[] = [];
    for await (const line of watch.lines()) {
      lines.push(line);
      if (lines.length === 1) void runDemo(box.data, { ...QUIET, clients: 4, pauseMs: 400 });
      if (line.includes("4 of 25")) break;
    }
    watch.child.kill("SIGINT");
    assert.equal(await watch.ended(), 0);
    const counts = lines.map((line) => /(\d+) of 25; NEEDS/.exec(line)?.[1]);
    assert.deepEqual(counts, ["0", "1", "2", "3", "4"]);
    assert.match(
      lines[0] ?? "",
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}Demo.*; green LED blinks slowly$/,
    );
  });

  it("is a document for each change with --json, and ends once the box stays away", async () => {
    const args = ["panel", "--watch", "--json", "--data", box.data];
    const watch = new RunningProgram("kms-box", args);
    const documents: PanelAnswer[] = [];
    for await (const line of watch.lines()) {
      documents.push(JSON.parse(line) as PanelAnswer);
      if (documents.length === 1) await runDemo(box.data, { ...QUIET, clients: 25 });
      if (documents.at(-1)?.leds.green === "steady") break;
    }
    assert.equal(documents.at(-1)?.lines[2], "ACTIVATING");
    await box.stop();
    assert.equal(await watch.ended(), 1);
    assert.match(watch.stdout, /\{"error":\{"code":"box-not-running".*\}\}\n$/);
    // It waits 15 s for a box that starts again.
  }).timeout(60_000);
});

describe("kms-box panel --picture", () => {
  let folder: string;

  before(async () => {
    folder = await temporaryFolder();
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const draw = (...args: string[]) =>
    runProgram("kms-box", ["panel", "--data", folder, "--json", "--picture", ...args]);

  it("succeeds without a display, and says that nothing is drawn", async () => {
    for (const picture of ["starting", "off"]) {
      const answer = await draw(picture);
      assert.equal(answer.status, 0, answer.stderr);
      const reason = "this machine has no front panel.";
      assert.deepEqual(answer.json(), { picture, shown: false, reason });
    }
    await writeFile(join(folder, "config.json"), JSON.stringify({ panel: false }));
    const off = await draw("off", "--config", join(folder, "config.json"));
    assert.match(String(off.json().reason), /turned off by the configuration/);
  });

  it("refuses pictures that there are not, and a panel that a box draws itself", async () => {
    const unknown = await draw("cat");
    assert.equal(unknown.status, 2);
    assert.match(unknown.json<Refusal>().error.message, /there are: starting, off/);
    assert.equal((await draw("off", "--watch")).status, 2);
    const box = await BoxProcess.start({ data: folder });
    const inUse = await draw("off");
    assert.deepEqual([inUse.status, inUse.json<Refusal>().error.code], [1, "panel-in-use"]);
    await box.stop();
  });
});

describe("the panel in the log", () => {
  let folder: string;

  before(async () => {
    folder = await temporaryFolder();
  });
  after(() => rm(folder, { recursive: true, force: true }));

  /** What a demonstration without a terminal prints while clients ask. */
  async function printed(name: string, ...args: string[]): Promise<string> {
    const data = join(folder, name);
    const common = [
      "serve",
      "--demo",
      "--data",
      data,
      "--bind",
      "127.0.0.1",
      "--port",
      "0",
      "--no-web",
    ];
    const demo = new RunningProgram("kms-box", [...common, ...args]);
    for await (const line of demo.lines()) {
      if (line.includes("service-started")) break;
    }
    await runDemo(data, { ...QUIET, clients: 2, pauseMs: 300 });
    await sleep(300);
    demo.child.kill("SIGTERM");
    assert.equal(await demo.ended(), 0);
    return demo.stdout;
  }

  it("is a line for each change where there is no terminal to draw in", async () => {
    const lines = (await printed("text")).split("\n");
    const panel = lines.filter((line) => / info {2}panel /.test(line));
    assert.deepEqual(
      panel.map((line) => line.slice(33)),
      [
        "starting | green fast",
        ...[0, 1, 2].map(
          (count) => `Demonstration product, ${count} of 25, NEEDS ${25 - count} MORE | green slow`,
        ),
        "stopped, safe to unplug",
      ],
    );
  });

  it("is none in a log for machines, and none where it is off", async () => {
    assert.doesNotMatch(await printed("json", "--json"), /"event":"panel"/);
    assert.doesNotMatch(await printed("off", "--no-panel"), / info {2}panel /);
  });
});
