import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { DnsAnswer } from "../../src/web/api/dns-schemas.ts";
import { BoxProcess, runProgram } from "../support/box-process.ts";
import { runTool } from "../support/debian-packages.ts";
import { until } from "../support/namespace.ts";
import type { SambaDc } from "../support/samba-dc.ts";
import {
  AD_DOMAIN,
  activeDirectory,
  BOX_ADDRESS,
  furnishOffice,
  registrar,
  wish,
} from "./office.ts";

const PAGE = readFileSync("test/dns/README.md", "utf8");
const SRV_NAME = `_vlmcs._tcp.${AD_DOMAIN}`;

/** The page's commands or its configuration, for this office's domain. */
function blocks(language: "sh" | "json"): string[] {
  const found = PAGE.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, "gs"));
  return [...found].map(([, text = ""]) =>
    text
      .replaceAll("ad.office.example", AD_DOMAIN)
      .replaceAll("AD.OFFICE.EXAMPLE", AD_DOMAIN.toUpperCase())
      .replaceAll("DC=example", "DC=test"),
  );
}

describe("a box in an Active Directory office, set up as its page says", () => {
  const [makeUser = "", install = "", probe = "", check = "", grant = ""] = blocks("sh");
  let dc: SambaDc;
  let folder: string;
  let box: BoxProcess;

  /** Runs a block of the page where the box's state is found by default. */
  const run = (script: string) =>
    runTool("sh", ["-e", "-c", `PATH=$PWD/bin:$PATH\n${script}`], { cwd: folder });

  before(async () => {
    folder = await furnishOffice();
    dc = await activeDirectory();
    for (const name of ["bin", "tmp"]) await mkdir(join(folder, name));
    const program = resolve("dist/cli/kms-box.js");
    await writeFile(join(folder, "bin/kms-box"), `#!/bin/sh\nexec node ${program} "$@"\n`);
    await chmod(join(folder, "bin/kms-box"), 0o755);
    for (const script of [makeUser, install, probe]) await run(script);
    await writeFile(join(folder, "box.json"), blocks("json")[0] ?? "");
    box = await start();
  });
  after(() => box.stop());

  const start = () =>
    BoxProcess.start({
      data: join(folder, "kms-box-data"),
      args: ["--bind", "::", "--no-panel", "--config", join(folder, "box.json")],
      env: { TMPDIR: join(folder, "tmp") },
    });
  const domain = async () => {
    const args = ["dns", "status", "--json", "--data", box.data];
    const { stdout } = await runProgram("kms-box", args);
    return (JSON.parse(stdout) as DnsAnswer).domains[0];
  };
  const hasBecome = (state: string) =>
    until(`The domain ${state}`, async () => {
      const now = await domain();
      return now?.state === state ? now : undefined;
    });

  it("publishes its record and its address, and the page's check tells so", async () => {
    const { addresses, code } = await hasBecome("published");
    assert.deepEqual([addresses, code], [[BOX_ADDRESS], null]);
    const told = await run(check);
    assert.match(told, /^State +published/m);
    assert.match(told, new RegExp(`^0 100 ${box.port} kms\\.${AD_DOMAIN}\\.$`, "m"));
    assert.equal(await run(`dig +short kms.${AD_DOMAIN}`), `${BOX_ADDRESS}\n`);
  });

  it("says that the domain controller is gone, and publishes again once it is back", async () => {
    await dc.stop();
    await runProgram("kms-box", ["dns", "publish", "--data", box.data]);
    const { code, reason } = await hasBecome("failed");
    assert.equal(code, "server-unreachable", reason ?? "");
    await dc.start();
    await runProgram("kms-box", ["dns", "publish", "--data", box.data]);
    await hasBecome("published");
  });

  it("lets a second box publish beside it once its user has the right to the name", async () => {
    const keytab = join(folder, "kms-box-2.keytab");
    await dc.userWithKeytab("kms-box-2", keytab);
    const second = registrar({ keytab, coexist: true });
    const wanted = wish({ target: `kms-2.${AD_DOMAIN}` });
    await assert.rejects(second.publish(wanted, null), { code: "server-refused" });
    await run(grant);
    const { rivals } = await second.publish(wanted, null);
    assert.deepEqual(
      rivals.map(({ target }) => target),
      [`kms.${AD_DOMAIN}`],
    );
    await second.withdraw(wanted);
    assert.match(await run(`dig +short SRV ${SRV_NAME}`), /^0 100 \d+ kms\.[^\n]+\n$/);
  });

  it("removes its records when told to", async () => {
    const args = ["dns", "withdraw", AD_DOMAIN, "--data", box.data];
    const { status, stdout } = await runProgram("kms-box", args);
    assert.equal(status, 0, stdout);
    assert.equal(await run(`dig +short SRV ${SRV_NAME}; dig +short kms.${AD_DOMAIN}`), "");
  });

  it("leaves no ticket behind", async () => {
    assert.match(await run("ls tmp"), /^kms-box-tickets-/);
    assert.equal(await box.stop(), 0);
    assert.equal(await run("ls tmp"), "");
  });
});
