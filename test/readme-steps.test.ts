import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { BoxProcess, PROGRAMS, temporaryFolder } from "./support/box-process.ts";
import { blocks, chapter } from "./support/readme.ts";

const run = promisify(execFile);
const PANEL_LIMIT_MS = 15_000;
const POLL_MS = 200;

/** Programs as they are called on a box; `sudo` is for who is not the box's own user. */
async function installPrograms(folder: string): Promise<void> {
  await mkdir(folder);
  const scripts = { sudo: 'exec "$@"' } as Record<string, string>;
  for (const name of ["kms-box", "kms-vendor"]) {
    scripts[name] = `exec "${process.execPath}" "${join(PROGRAMS, `${name}.js`)}" "$@"`;
  }
  for (const [name, line] of Object.entries(scripts)) {
    await writeFile(join(folder, name), `#!/bin/sh\n${line}\n`);
    await chmod(join(folder, name), 0o755);
  }
}

describe("the steps from an SD card to a running box", function () {
  this.timeout(60_000);
  let folder: string;
  let box: BoxProcess;

  before(async () => {
    folder = await temporaryFolder();
    await installPrograms(join(folder, "bin"));
    box = await BoxProcess.start({ data: join(folder, "state"), args: ["--no-dns"] });
  });

  after(async () => {
    await box?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const shell = async (script: string): Promise<string> => {
    const path = `${join(folder, "bin")}${delimiter}${process.env.PATH}`;
    const env = { ...process.env, PATH: path, KMS_BOX_DATA: box.data };
    return (await run("sh", ["-ec", script], { cwd: folder, env })).stdout;
  };

  const panelShows = async (wanted: string): Promise<void> => {
    const end = performance.now() + PANEL_LIMIT_MS;
    for (;;) {
      const shown = await shell("kms-box panel --text");
      if (shown.includes(wanted)) return;
      if (performance.now() > end) assert.equal(shown, wanted);
      await sleep(POLL_MS);
    }
  };

  it("lead from the want of a licence to a box that counts, by the commands as they stand", async () => {
    const step = chapter("5. Give it a licence");
    const [request = "", issue = "", install = "", ...more] = blocks(step, "sh");
    const [panel = ""] = blocks(step, "");
    assert.deepEqual(more, []);

    await panelShows("NO LICENCE");
    await shell(request);
    const [, thumbprint = ""] = /^Thumbprint +(\S+)$/m.exec(await shell(issue)) ?? [];
    const [, installed] = /^Vendor key +(\S+)$/m.exec(await shell(install)) ?? [];
    assert.equal(installed, thumbprint);
    await panelShows(panel);
  });
});
