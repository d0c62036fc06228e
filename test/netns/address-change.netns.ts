import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AdminClient } from "../../src/cli/box/admin-client.ts";
import { Bind } from "../support/bind.ts";
import { BoxProcess, RunningProgram } from "../support/box-process.ts";
import { until } from "../support/dns-box.ts";
import { type Machine, NetworkRig } from "../support/netns.ts";

const DOMAIN = "office.test";
const SRV = `_vlmcs._tcp.${DOMAIN}`;
const TARGET = `kms.${DOMAIN}`;
const SERVER = "10.74.0.6";
const BEFORE = "10.74.0.5";
const AFTER = "10.74.0.50";
const MINUTE_MS = 60_000;

describe("A box whose address changes", function () {
  this.timeout(4 * MINUTE_MS);
  let rig: NetworkRig;
  let folder: string;
  let kms: Machine;
  let server: Machine;
  let bind: Bind;
  let box: BoxProcess;
  let agent: RunningProgram;

  before(async function () {
    this.timeout(5 * MINUTE_MS);
    folder = await mkdtemp(join(tmpdir(), "kms-box-address-"));
    rig = await NetworkRig.create();
    kms = await rig.machine("kms");
    server = await rig.machine("server");
    const pc = await rig.machine("pc");
    await rig.link(
      { machine: kms, device: "eth0", addresses: [`${BEFORE}/24`] },
      { machine: server, device: "eth0", addresses: [`${SERVER}/24`] },
      { machine: pc, device: "eth0", addresses: ["10.74.0.7/24"] },
    );
    for (const each of [kms, pc]) each.resolveBy(`search ${DOMAIN}\nnameserver ${SERVER}\n`);
    bind = await Bind.start({
      address: SERVER,
      port: 53,
      within: server.within,
      keys: ["kms"],
      zones: [{ domain: DOMAIN, grants: ["grant kms zonesub ANY"] }],
    });
    box = await startBox();
    agent = startAgent(pc);
  });

  after(async () => {
    agent?.child.kill("SIGKILL");
    await box?.stop();
    await bind?.stop();
    rig?.delete();
    await rm(folder, { recursive: true, force: true });
  });

  async function startBox(): Promise<BoxProcess> {
    const data = join(folder, "box");
    const config = {
      dns: {
        ttlSeconds: 30,
        checkSeconds: 5,
        domains: [{ domain: DOMAIN, tsigKeyFile: bind.keyFile("kms") }],
      },
      policy: { activationThreshold: 1, renewalIntervalMinutes: 1, retryIntervalMinutes: 1 },
    };
    await writeFile(`${data}.json`, JSON.stringify(config));
    const args = ["--config", `${data}.json`, "--bind", "::", "--port", "1688", "--no-panel"];
    return BoxProcess.start({ data, demo: true, args, within: kms.within });
  }

  /** Knows the name server only, and renews every minute. */
  function startAgent(machine: Machine): RunningProgram {
    const args = ["run", "--product", "demo-office", "--no-mdns", "--json"];
    args.push("--vendor-key", join(folder, "box", "demo-vendor", "vendor.pub.jwk"));
    args.push("--state", join(folder, "client"));
    return new RunningProgram("kms-client", args, {}, machine.within);
  }

  /** What the name server says, asked on its own machine. */
  const records = async (name: string, type: string) => {
    const answer = await server.run("dig", "+short", `@${SERVER}`, name, type);
    return answer.split("\n").filter((line) => line !== "");
  };

  /** Activations that the box has logged. */
  const activations = () => box.program.stdout.match(/"result":"activated"/g)?.length ?? 0;

  it("is found at the new one within a minute, and its clients follow at their next renewal", async () => {
    await until(async () => (await records(TARGET, "A"))[0] === BEFORE, "it has no address");
    const srv = await records(SRV, "SRV");
    assert.deepEqual(srv, [`0 100 1688 ${TARGET}.`]);
    await until(async () => activations() > 0, "the client is not activated", MINUTE_MS);

    await kms.ip("address", "delete", `${BEFORE}/24`, "dev", "eth0");
    await kms.ip("address", "add", `${AFTER}/24`, "dev", "eth0");
    const had = activations();
    const changedMs = performance.now();
    const seen = new Set<string>();
    await until(
      async () => {
        seen.add((await records(SRV, "SRV")).join());
        return (await records(TARGET, "A")).join() === AFTER;
      },
      "the name server has the former address",
      MINUTE_MS,
    );
    const tookSeconds = ((performance.now() - changedMs) / 1000).toFixed(1);
    console.log(`      the address record followed after ${tookSeconds} s`);
    assert.deepEqual([...seen], [srv.join()], "the SRV record was away meanwhile");
    assert.deepEqual(await records(SRV, "SRV"), srv);

    // The renewal may come before the record: then the client tries again a minute later.
    await until(async () => activations() > had, "the client does not follow", 2.5 * MINUTE_MS);
    const { domains } = await new AdminClient(box.data).dns();
    assert.deepEqual(domains[0]?.addresses, [AFTER]);
    assert.equal(domains[0]?.state, "published");
    assert.equal((await new AdminClient(box.data).status()).clients, 1);
  });

  it("leaves no address behind when it is withdrawn", async () => {
    const admin = new AdminClient(box.data);
    await admin.withdrawDns();
    assert.deepEqual([await records(SRV, "SRV"), await records(TARGET, "A")], [[], []]);
  });
});
