import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { PROGRAMS, temporaryFolder } from "../support/box-process.ts";
import { ensurePackages } from "../support/debian-packages.ts";
import { freePort } from "../support/free-port.ts";
import { until } from "./notify-listener.ts";

describe("a box whose port systemd has opened", () => {
  let folder: string;
  let child: ChildProcess | undefined;

  before(() => ensurePackages({ "systemd-socket-activate": "systemd" }));
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(async () => {
    if (child?.exitCode === null) {
      child.kill("SIGTERM");
      await once(child, "exit");
    }
    await rm(folder, { recursive: true });
  });

  it("serves its page there, and answers who came before it ran", async () => {
    const port = await freePort();
    const box = ["serve", "--demo", "--json", "--data", folder, "--port", "0", "--no-dns"];
    const args = ["-l", `127.0.0.1:${port}`, "--fdname=http", process.execPath];
    child = spawn("systemd-socket-activate", [...args, join(PROGRAMS, "kms-box.js"), ...box], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let log = "";
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      log += text;
    });
    assert.ok(child.stderr);
    // It says that it listens, and starts the box with the first connection.
    await once(child.stderr, "data");
    const answer = await fetch(`http://127.0.0.1:${port}/`);
    assert.equal(answer.status, 200);
    assert.match(await answer.text(), /Are we activating\?/);
    await until("the log", () => new RegExp(`"web-serving".*"port":${port}`).test(log));
  });
});
