import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { adminSocketPath } from "../../src/adapters/system/socket-path.ts";
import { diagnosisLines } from "../../src/cli/support/diagnosis.ts";
import { ok, skipped, warning, wrong } from "../../src/domain/doctor/finding.ts";
import { type Diagnosis, diagnose } from "../../src/domain/doctor/summary.ts";
import { BoxProcess, runProgram, temporaryFolder } from "../support/box-process.ts";

/** This machine's own network is as it is: only what a test brings about is looked at. */
const finding = ({ findings }: Diagnosis, id: string) => findings.find((each) => each.id === id);
const LONGEST_MS = 16_000;

describe("a diagnosis for a person", () => {
  const diagnosis = diagnose([
    { id: "link", title: "Network link", ...ok("Connected by eth0.") },
    { id: "route", title: "Default route", ...warning("There is none.", "Set one.") },
    { id: "port", title: "Port", ...wrong("It is shut.", "Open it.") },
    { id: "mdns", title: "mDNS", ...skipped("Not checked because of: Port.") },
  ]);

  it("has a line for each check, what to do below it, and last what it comes to", () => {
    assert.deepEqual(diagnosisLines(diagnosis), [
      "✓ Network link   Connected by eth0.",
      "! Default route  There is none.",
      "                 → Set one.",
      "✗ Port           It is shut.",
      "                 → Open it.",
      "– mDNS           Not checked because of: Port.",
      "",
      "It is shut. Open it.",
    ]);
  });

  it("has coloured marks on a terminal", () => {
    const [line] = diagnosisLines(diagnosis, true);
    assert.equal(line, "\u001B[32m✓\u001B[39m Network link   Connected by eth0.");
  });
});

describe("kms-box doctor", function () {
  this.timeout(40_000);
  let box: BoxProcess;
  let folder: string;
  before(async () => {
    folder = await temporaryFolder();
    box = await BoxProcess.start({ demo: true });
  });
  after(async () => {
    await box.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it("lets the running box examine itself, within 15 s", async () => {
    const beganMs = performance.now();
    const answer = await runProgram("kms-box", ["doctor", "--data", box.data, "--json"]);
    assert.ok(performance.now() - beganMs < LONGEST_MS);
    const diagnosis = answer.json<Diagnosis & Record<string, unknown>>();
    assert.equal(answer.status, diagnosis.result === "wrong" ? 1 : 0);
    assert.match(finding(diagnosis, "box")?.evidence ?? "", /runs and serves at port/);
    for (const id of ["clock", "licence", "storage"]) {
      assert.equal(finding(diagnosis, id)?.result, "ok", id);
    }
  });

  it("gives all who ask meanwhile one answer, and no colour into a pipe", async () => {
    const ask = () => runProgram("kms-box", ["doctor", "--data", box.data]);
    const [one, other] = await Promise.all([ask(), ask()]);
    assert.equal(one.stdout, other.stdout);
    assert.match(one.stdout, /^✓ KMS Box /);
    assert.ok(!one.stdout.includes("\u001B") && one.stderr === "");
  });

  it("says first that no box runs, and looks at the network all the same", async () => {
    const data = join(folder, "none");
    const answer = await runProgram("kms-box", ["doctor", "--data", data, "--json"]);
    assert.equal(answer.status, 1);
    const diagnosis = answer.json<Diagnosis & Record<string, unknown>>();
    assert.match(diagnosis.summary, /^No box runs on .*none\. Start it by "kms-box serve/);
    assert.ok(finding(diagnosis, "link"));
    assert.match(finding(diagnosis, "licence")?.evidence ?? "", /because of: KMS Box/);
  });

  it("says what to do about a box that does not answer", async () => {
    const data = join(folder, "mute");
    const { mkdir } = await import("node:fs/promises");
    await mkdir(data);
    const server = createServer((request) => request.socket.destroy());
    server.listen(adminSocketPath(data));
    const answer = await runProgram("kms-box", ["doctor", "--data", data]);
    server.close();
    assert.equal(answer.status, 1);
    assert.match(answer.stdout, /\n\nThe box on .* does not answer .*restart it\.\n?.*$/);
  });

  it("ends with 2 for a configuration that cannot be used", async () => {
    const config = join(folder, "bad.json");
    await writeFile(config, '{"port": "many"}');
    const answer = await runProgram("kms-box", ["doctor", "--config", config]);
    assert.equal(answer.status, 2);
  });
});

describe("kms-client doctor", function () {
  this.timeout(40_000);
  let folder: string;
  before(async () => {
    folder = await temporaryFolder();
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("tells what the client sees of a host, and makes no state", async () => {
    const box = await BoxProcess.start({ demo: true });
    const state = join(folder, "state");
    const args = ["doctor", "--state", state, "--host", box.address, "--json"];
    const answer = await runProgram("kms-client", args);
    await box.stop();
    const diagnosis = answer.json<Diagnosis & Record<string, unknown>>();
    const { existsSync } = await import("node:fs");
    assert.equal(existsSync(state), false);
    // Without any network nothing is looked for.
    if (finding(diagnosis, "address")?.result !== "ok") return;
    for (const id of ["look-up", "hosts", "clock"]) {
      assert.equal(finding(diagnosis, id)?.result, "ok", id);
    }
  });

  it("ends with 2 for wrong usage", async () => {
    for (const wrongly of [["--dns-server", "no address"], ["--host", "a b"], ["--colour"]]) {
      const answer = await runProgram("kms-client", ["doctor", "--state", folder, ...wrongly]);
      assert.equal(answer.status, 2, wrongly.join(" "));
    }
  });
});
