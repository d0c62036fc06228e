import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AdminClient } from "../../src/cli/box/admin-client.ts";
import { brailleDots } from "../../src/panel/text-art.ts";
import { BoxProcess, temporaryFolder } from "../support/box-process.ts";
import { CTRL_C, CTRL_Z, Demonstration } from "./demonstration.ts";
import { requireScript } from "./terminal-session.ts";

describe("a box in a terminal that is interrupted", function suite() {
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

  /** A shell with jobs, to which the commands are typed. */
  function shell(): Demonstration {
    return new Demonstration(data, (command) => `box="${command}" bash --norc --noediting -i`);
  }

  it("stops in order after two Ctrl-C at once too", async () => {
    box = await Demonstration.start(data);
    box.type(CTRL_C + CTRL_C);
    await box.endsSane(0);
    assert.match(box.output, /service-stopped/);
  });

  it("stops in order at SIGTERM, whenever in its start that comes", async () => {
    const inOrder = 'sh -c "echo pid \\$\\$; exec $box"; echo "status $?"; stty -a';
    for (let afterMs = 0; afterMs <= 100; afterMs += 20) {
      box = new Demonstration(`${data}-${afterMs}`, (command) => `box="${command}"; ${inOrder}`);
      const [, pid] = await box.printed(/pid (\d+)\r/);
      await box.printed(/┌/);
      await sleep(afterMs);
      process.kill(Number(pid), "SIGTERM");
      await box.endsSane(0);
      assert.match(box.output, /service-stopped/);
    }
  });

  it("draws nothing in the background, and is not stopped there", async () => {
    box = shell();
    box.type("$box &\n");
    await box.printed(/Ctrl-C stops the box/);
    await new AdminClient(data).status();
    box.type("echo typed; jobs\n");
    await box.printed(/\[1\]\+? +Running/);
    assert.equal(box.drawn, undefined);
    assert.match(box.output, / info {2}panel {13}Demonstration product, 0 of 25/);
    box.type("kill %1; wait; stty -a; exit\n");
    await box.printed(/service-stopped/);
    await box.printed(/\sechoctl\s/);
    assert.equal(await box.ended(), 0);
    box.isSane(box.output);
  });

  it("is stopped by Ctrl-Z like any program, and drawn again by fg", async () => {
    box = shell();
    box.type("$box\n");
    await box.tells(/0 of 25/);
    await box.draws(brailleDots);
    box.type(CTRL_Z);
    await box.printed(/\[1\]\+ +Stopped/);
    box.type("stty -a\n");
    await box.printed(/\sechoctl\s/);
    box.isSane(box.output);
    const before = box.terminal.lines.length;
    box.type("fg\n");
    await box.until("what is drawn anew", () => box.terminal.lines.length > before + 18);
    await box.draws(brailleDots);
    box.type("\r");
    await box.tells(/^host /);
    box.type(CTRL_C);
    await box.printed(/service-stopped/);
    box.type("exit\n");
    assert.equal(await box.ended(), 0);
  });

  it("goes on in the background by bg, and leaves the terminal to the shell", async () => {
    box = shell();
    box.type("$box\n");
    await box.tells(/0 of 25/);
    await box.draws(brailleDots);
    box.type(CTRL_Z);
    await box.printed(/\[1\]\+ +Stopped/);
    box.type("bg\n");
    await box.printed(/\[1\]\+ .*&\r\n/);
    await box.tells(/0 of 25/);
    const before = box.output.length;
    // The green LED blinks twice meanwhile.
    await sleep(2000);
    box.type("jobs\n");
    await box.printed(/\[1\]\+? +Running/);
    assert.ok(!box.output.slice(before).includes("┌"), "It was drawn in the background.");
    box.type("fg\n");
    await box.draws(brailleDots);
    box.type("\r");
    await box.tells(/^host /);
    box.type(CTRL_C);
    await box.printed(/service-stopped/);
    box.type("stty -a; exit\n");
    assert.equal(await box.ended(), 0);
    box.isSane(box.output);
  });

  it("stops in order when its terminal is closed", async () => {
    box = await Demonstration.start(data);
    await box.hangUp();
    const started: BoxProcess[] = [];
    await box.until("the state folder to be free", async () => {
      const next = await BoxProcess.start({ data }).catch(() => undefined);
      return next !== undefined && started.push(next) > 0;
    });
    assert.equal((await new AdminClient(data).status()).lastStart, "after a stop");
    await started[0]?.stop();
  });

  it("goes on when nobody reads what it prints any more", async () => {
    const unread = 'sh -c "echo pid \\$\\$ >/dev/tty; exec $box" 2>&1 | head -1';
    box = new Demonstration(
      data,
      (command) => `box="${command}"; ${unread}; echo "status $?"; stty -a`,
    );
    const [, pid] = await box.printed(/pid (\d+)\r/);
    await box.tells(/0 of 25/);
    process.kill(Number(pid), "SIGTERM");
    await box.endsSane(0);
    assert.doesNotMatch(box.output, /Error|EPIPE/);
  });
});
