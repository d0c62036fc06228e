import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Finding } from "../../src/domain/doctor/finding.ts";
import type { Diagnosis } from "../../src/domain/doctor/summary.ts";
import { Bind } from "../support/bind.ts";
import { runProgram, temporaryFolder } from "../support/box-process.ts";
import { DnsBox } from "../support/dns-box.ts";
import { DOMAIN, SRV_NAME } from "../support/dns-registrations.ts";

const TARGET = `kms.${DOMAIN}`;

describe("the doctor and a real name server", function () {
  this.timeout(60_000);
  let bind: Bind;
  let folder: string;
  let box: DnsBox;

  before(async function () {
    this.timeout(300_000);
    folder = await temporaryFolder();
    bind = await Bind.start({
      keys: ["kms-updater"],
      zones: [{ domain: DOMAIN, grants: ["grant kms-updater zonesub ANY"] }],
    });
    const domain = {
      domain: DOMAIN,
      server: bind.address,
      tsigKeyFile: bind.keyFile("kms-updater"),
    };
    const dns = { host: TARGET, domains: [domain], ttlSeconds: 60 };
    box = await DnsBox.start({ data: join(folder, "box"), demo: true, dns });
    await box.reaches("published");
  });
  after(async () => {
    await box?.process.stop("SIGKILL");
    await bind?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** What is said of the domain; of this machine's own network nothing is taken for granted. */
  async function examined(): Promise<Map<string, Finding>> {
    const args = ["doctor", "--data", box.process.data, "--json"];
    const answer = await runProgram("kms-box", args);
    const { findings } = answer.json<Diagnosis & Record<string, unknown>>();
    const anyWrong = findings.some(({ result }) => result === "wrong");
    assert.equal(answer.status, anyWrong ? 1 : 0);
    const ofDomain = findings.filter(({ id }) => id.endsWith(`:${DOMAIN}`));
    return new Map(ofDomain.map((each) => [each.id.split(":")[0] ?? "", each]));
  }

  const wrong = (findings: Map<string, Finding>) =>
    [...findings].filter(([, { result }]) => result === "wrong").map(([id]) => id);

  it("finds what the box published", async () => {
    const findings = await examined();
    assert.deepEqual(wrong(findings), []);
    for (const id of ["zone", "hosts-gone", "rivals", "update", "record", "ttl"]) {
      assert.equal(findings.get(id)?.result, "ok", id);
    }
    assert.match(findings.get("ttl")?.evidence ?? "", /for 60 s/);
  });

  it("knows an address that is not this machine's", async () => {
    await bind.administer(
      DOMAIN,
      `update delete ${TARGET}. A`,
      `update add ${TARGET}. 60 A 10.9.9.9`,
    );
    assert.deepEqual(wrong(await examined()), ["target"]);
    await bind.administer(
      DOMAIN,
      `update delete ${TARGET}. A`,
      `update add ${TARGET}. 60 A 127.0.0.1`,
    );
  });

  it("knows a record that leads elsewhere, and one that is missing", async () => {
    const elsewhere = `update add ${SRV_NAME}. 60 SRV 0 0 1688 elsewhere.${DOMAIN}.`;
    await bind.administer(DOMAIN, `update delete ${SRV_NAME}. SRV`, elsewhere);
    assert.deepEqual(wrong(await examined()), ["hosts-gone"]);
    await bind.administer(DOMAIN, `update delete ${SRV_NAME}. SRV`);
    const findings = await examined();
    assert.deepEqual(wrong(findings), ["record"]);
    assert.match(
      findings.get("record")?.nextStep ?? "",
      / 60 IN SRV 0 100 \d+ kms\.office\.test\.$/m,
    );
  });

  it("tells of a hundred records in a few lines", async () => {
    const others = Array.from(
      { length: 99 },
      (_, n) => `update add ${SRV_NAME}. 60 SRV 0 0 1688 another-host-${n}.${DOMAIN}.`,
    );
    await bind.administer(DOMAIN, ...others);
    await bind.administer(DOMAIN, `update add ${SRV_NAME}. 60 SRV 0 0 0 .`);
    const findings = await examined();
    assert.deepEqual(wrong(findings), ["hosts-gone"]);
    const { evidence = "", nextStep } = findings.get("hosts-gone") ?? {};
    assert.match(
      evidence,
      /another-host-\d+\.office\.test:1688 \(its name has no address\), .* and 91 others\.$/,
    );
    assert.match(nextStep ?? "", / and 91 others from the zone, or start/);
    assert.ok([...findings.values()].every((each) => each.evidence.length < 1000));
    await bind.administer(
      DOMAIN,
      ...others.map((line) => line.replace(" add", " delete").replace(". 60 SRV", ". SRV")),
    );
  });

  it("knows a name server that is gone", async () => {
    await bind.quit();
    const findings = await examined();
    assert.deepEqual(wrong(findings), ["zone"]);
    assert.match(findings.get("zone")?.nextStep ?? "", /^Check the network and the server\.$/);
    await bind.serve();
  });
});
