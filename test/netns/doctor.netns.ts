import assert from "node:assert/strict";
import { chmod, chown, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AdminClient } from "../../src/cli/box/admin-client.ts";
import type { Diagnosis } from "../../src/domain/doctor/summary.ts";
import { Bind } from "../support/bind.ts";
import { BoxProcess, runProgram } from "../support/box-process.ts";
import { ensurePackages } from "../support/debian-packages.ts";
import { until } from "../support/dns-box.ts";
import { type Machine, NetworkRig } from "../support/netns.ts";

const DOMAIN = "office.test";
const SRV = `_vlmcs._tcp.${DOMAIN}.`;
const PRODUCT = "demo-office";
const LONGEST_MS = 16_000;
const NOBODY = 65_534;

interface Examined extends Diagnosis {
  readonly status: number | null;
}

describe("The doctor in an office", function () {
  this.timeout(120_000);
  let rig: NetworkRig;
  let folder: string;
  let bind: Bind;
  let box: BoxProcess;
  let [kms, server, router, other, pc]: Machine[] = [];

  before(async function () {
    this.timeout(300_000);
    await ensurePackages({ arping: "iputils-arping" });
    folder = await mkdtemp(join(tmpdir(), "kms-box-doctor-"));
    rig = await NetworkRig.create();
    const names = ["kms", "server", "router", "other", "pc"];
    [kms, server, router, other, pc] = await Promise.all(names.map((name) => rig.machine(name)));
    const machines = [kms, server, router, other, pc].map(existing);
    const plugs = machines.map((machine, index) => ({ machine, address: `10.73.0.${index + 5}` }));
    await rig.link(
      ...plugs.map(({ machine, address }) => ({
        machine,
        device: "eth0",
        addresses: [`${address}/24`],
      })),
    );
    for (const machine of [kms, other, pc].map(existing)) {
      machine.resolveBy(`search ${DOMAIN}\nnameserver 10.73.0.6\n`);
      await machine.ip("route", "add", "default", "via", "10.73.0.7");
    }
    bind = await Bind.start({
      address: "10.73.0.6",
      port: 53,
      within: existing(server).within,
      keys: ["kms"],
      zones: [{ domain: DOMAIN, grants: ["grant kms zonesub ANY"] }],
    });
    box = await startBox(existing(kms), "box");
    await published(box);
  });

  after(async () => {
    await box?.stop();
    await bind?.stop();
    rig?.delete();
    await rm(folder, { recursive: true, force: true });
  });

  /** A box at the usual port that publishes itself with the domain's key. */
  async function startBox(machine: Machine, name: string, dns: object = {}): Promise<BoxProcess> {
    const data = join(folder, name);
    const domains = [{ domain: DOMAIN, tsigKeyFile: bind.keyFile("kms") }];
    const config = { dns: { domains, ...dns }, policy: { activationThreshold: 1 } };
    await writeFile(`${data}.json`, JSON.stringify(config));
    const args = ["--config", `${data}.json`, "--bind", "::", "--port", "1688", "--no-panel"];
    return BoxProcess.start({ data, demo: true, args, within: machine.within });
  }

  const published = ({ data }: BoxProcess) =>
    until(async () => {
      const { domains } = await new AdminClient(data).dns();
      return domains[0]?.state === "published";
    }, "it is not published");

  async function ask(
    program: "kms-box" | "kms-client",
    machine: Machine | undefined,
    ...args: string[]
  ): Promise<Examined> {
    const beganMs = performance.now();
    const options = { within: existing(machine).within };
    const answer = await runProgram(program, ["doctor", "--json", ...args], options);
    assert.ok(performance.now() - beganMs < LONGEST_MS);
    return { ...answer.json<Diagnosis & Record<string, unknown>>(), status: answer.status };
  }

  const askBox = () => ask("kms-box", kms, "--data", box.data);
  const askClient = (...args: string[]) =>
    ask("kms-client", pc, "--state", join(folder, "client"), ...args);

  /** What is said, how it ends, and every other finding that is wrong. */
  function assertSays(
    { status, summary, findings }: Examined,
    says: RegExp,
    wrong: string[],
  ): void {
    const faults = findings.filter(({ result }) => result === "wrong").map(({ id }) => id);
    assert.match(summary, says);
    assert.deepEqual([faults, status], [wrong, wrong.length > 0 ? 1 : 0]);
  }

  it("finds everything well where it is", async () => {
    const examined = await askBox();
    const unwell = examined.findings.filter(({ result }) => result !== "ok");
    assert.deepEqual(
      unwell.map(({ id, result }) => `${id} ${result}`),
      ["time-servers skipped"],
    );
    assertSays(examined, /^Everything is well\.$/, []);
    const told = await runProgram("kms-box", ["doctor", "--data", box.data]);
    assert.match(told.stdout, /^✓ KMS Box +Version .* serves at port 1688\.\n✓ Network link/);
    assert.match(told.stdout, /\n\nEverything is well\.\n$/);
  });

  it("finds everything well from a client that is activated", async () => {
    const state = ["--state", join(folder, "client")];
    const vendor = join(box.data, "demo-vendor", "vendor.pub.jwk");
    const activate = ["activate", "--product", PRODUCT, "--vendor-key", vendor, ...state];
    const options = { within: existing(pc).within };
    assert.equal((await runProgram("kms-client", activate, options)).status, 0);
    const examined = await askClient();
    assertSays(examined, /^Everything is well\.$/, []);
    assert.ok(examined.findings.every(({ result }) => result === "ok"));
  });

  it("names another machine with the same address", async () => {
    await existing(other).ip("address", "add", "10.73.0.5/24", "dev", "eth0");
    try {
      const mac = /link\/ether (\S+)/.exec(await existing(other).ip("link", "show", "eth0"))?.[1];
      const { summary, status } = await askBox();
      assert.ok(summary.startsWith(`Another machine (${mac}) has the address 10.73.0.5 too.`));
      assert.equal(status, 1);
    } finally {
      await existing(other).ip("address", "delete", "10.73.0.5/24", "dev", "eth0");
      // Who heard of the other machine must forget it.
      for (const each of [kms, server, pc]) await existing(each).ip("neighbour", "flush", "all");
    }
  });

  it("names a route that is missing, and what cannot be reached without it", async () => {
    await existing(kms).ip("route", "delete", "default");
    try {
      assertSays(await askBox(), /^Nothing is wrong, but: There is no default route: only/, []);
      existing(kms).resolveBy(`search ${DOMAIN}\nnameserver 10.99.0.53\n`);
      const says =
        /^There is no default route, and so no way to the name server 10\.99\.0\.53\. Set/;
      assertSays(await askBox(), says, ["route"]);
    } finally {
      existing(kms).resolveBy(`search ${DOMAIN}\nnameserver 10.73.0.6\n`);
      await existing(kms).ip("route", "add", "default", "via", "10.73.0.7");
    }
  });

  it("names a name server that is dead, here and on a client", async () => {
    await bind.quit();
    try {
      const says = /^The name server 10\.73\.0\.6 does not answer\. Start the DNS server/;
      assertSays(await askBox(), says, ["name-servers"]);
      assertSays(await askClient("--no-mdns"), says, ["name-servers"]);
      const without =
        /^Nothing is wrong, but: The name server 10\.73\.0\.6 does not answer; a host is reached/;
      assertSays(await askClient(), without, []);
      await existing(server).ip("link", "set", "eth0", "down");
      assertSays(await askBox(), says, ["name-servers"]);
    } finally {
      await existing(server).ip("link", "set", "eth0", "up");
      await bind.serve();
    }
  });

  it("names a cable that is unplugged, and nothing else", async () => {
    await existing(kms).ip("link", "set", "eth0", "down");
    try {
      const says = /^The network adapter eth0 is turned off\. Turn it on: ip link set eth0 up\.$/;
      assertSays(await askBox(), says, ["link"]);
    } finally {
      await existing(kms).ip("link", "set", "eth0", "up");
      await existing(kms).ip("route", "add", "default", "via", "10.73.0.7");
    }
  });

  it("names a record of a host that is gone", async () => {
    const record = `${SRV} SRV 0 100 1688 old.${DOMAIN}.`;
    const add = [
      `update add old.${DOMAIN}. 60 A 10.73.0.99`,
      record.replace(SRV, `update add ${SRV} 60`),
    ];
    await bind.administer(DOMAIN, ...add);
    try {
      const says =
        /names a host that is gone: old\.office\.test:1688 \(.*\)\. Delete the SRV record of old\.office\.test:1688 from the zone/;
      assertSays(await askBox(), says, [`hosts-gone:${DOMAIN}`]);
      const told = await runProgram("kms-box", ["doctor", "--data", box.data]);
      assert.equal(lasting(told.stdout), lasting(await example()));
      const client = await askClient();
      assert.match(client.summary, /kms\.office\.test:1688 answers, but not old\.office\.test/);
    } finally {
      await bind.administer(DOMAIN, `update delete ${record}`, `update delete old.${DOMAIN}.`);
    }
  });

  it("names another host that clients find too", async () => {
    const rival = await startBox(existing(other), "rival", { coexist: true });
    try {
      await published(rival);
      const says =
        /^Clients also find another host: \S+ names other\.office\.test:1688 \(another KMS Box\)\. Delete/;
      assertSays(await askBox(), says, [`rivals:${DOMAIN}`]);
      const client = await askClient();
      assert.match(client.summary, /another vendor than the one pinned here/);
    } finally {
      await rival.stop();
      await bind.administer(
        DOMAIN,
        `update delete ${SRV} SRV 0 100 1688 other.${DOMAIN}.`,
        `update delete other.${DOMAIN}.`,
      );
    }
  });

  it("names an address in DNS that is not this machine's, and one that is missing", async () => {
    const target = `kms.${DOMAIN}.`;
    await bind.administer(
      DOMAIN,
      `update delete ${target} A`,
      `update add ${target} 60 A 10.73.0.9`,
    );
    try {
      const says = /^kms\.office\.test has the address 10\.73\.0\.9 in DNS, which is not this/;
      assertSays(await askBox(), says, [`target:${DOMAIN}`]);
      await bind.administer(DOMAIN, `update delete ${target} A`);
      assertSays(await askBox(), /^kms\.office\.test has no address in DNS/, [`target:${DOMAIN}`]);
    } finally {
      await bind.administer(DOMAIN, `update add ${target} 60 A 10.73.0.5`);
    }
  });

  it("names a record that somebody deleted, and one that leads elsewhere", async () => {
    await bind.administer(DOMAIN, `update delete ${SRV} SRV`);
    const missing =
      /^Clients in office\.test do not find this box: _vlmcs\._tcp\.office\.test has no record\. Let/;
    assertSays(await askBox(), missing, [`record:${DOMAIN}`]);
    assertSays(
      await ask("kms-client", pc, "--no-mdns", "--state", join(folder, "new-client")),
      /^No KMS host is found: _vlmcs\._tcp\.office\.test has no SRV record/,
      ["look-up"],
    );
    await bind.administer(DOMAIN, `update add ${SRV} 60 SRV 0 100 1688 pc.${DOMAIN}.`);
    const elsewhere =
      /names a host that is gone: pc\.office\.test:1688 \(its name has no address\)/;
    assertSays(await askBox(), elsewhere, [`hosts-gone:${DOMAIN}`]);
    await bind.administer(DOMAIN, `update delete ${SRV} SRV`);
    await runProgram("kms-box", ["dns", "publish", "--data", box.data]);
    await published(box);
  });

  it("examines a record that an administrator keeps in a zone", async () => {
    const dns = { domains: [], coexist: true };
    const byHand = await startBox(existing(other), "by-hand", dns);
    const examine = () => ask("kms-box", other, "--data", byHand.data);
    const target = `licences.${DOMAIN}.`;
    const record = `${SRV} SRV 10 0 1688 ${target}`;
    try {
      const missing =
        /^Clients in office\.test do not find this box by DNS: \S+ names only kms\.office\.test:1688\. Let/;
      assertSays(await examine(), missing, [`record:${DOMAIN}`]);
      const add = [
        `update add ${target} 60 A 10.73.0.8`,
        record.replace(SRV, `update add ${SRV} 60`),
      ];
      await bind.administer(DOMAIN, ...add);
      const examined = await examine();
      assertSays(examined, /^Everything is well\.$/, []);
      const skipped = examined.findings.filter(({ result }) => result === "skipped");
      assert.deepEqual(
        skipped.map(({ id }) => id),
        [`update:${DOMAIN}`, "time-servers"],
      );
    } finally {
      await byHand.stop();
      await bind.administer(DOMAIN, `update delete ${record}`, `update delete ${target}`);
    }
  });

  it("looks for another machine itself, where the box may not and root asks", async () => {
    const data = join(folder, "unprivileged");
    await mkdir(data);
    await Promise.all([chmod(folder, 0o755), chown(data, NOBODY, NOBODY)]);
    const drop = [
      "--reuid",
      `${NOBODY}`,
      "--regid",
      `${NOBODY}`,
      "--clear-groups",
      "--no-new-privs",
    ];
    const within = [...existing(other).within, "setpriv", ...drop];
    const unprivileged = await BoxProcess.start({ data, demo: true, args: ["--no-panel"], within });
    try {
      const theirs = await new AdminClient(data).doctor();
      const use = (of: Diagnosis) => of.findings.find(({ id }) => id === "address-use");
      assert.deepEqual(
        [use(theirs)?.result, use(theirs)?.nextStep],
        ["skipped", "Run this as root."],
      );
      const ours = await ask("kms-box", other, "--data", data);
      assert.match(use(ours)?.evidence ?? "", /^Nobody else has 10\.73\.0\.8\.$/);
    } finally {
      await unprivileged.stop();
    }
  });

  it("has the panel and the log tell of another machine, as far as the box may look", async function () {
    this.timeout(180_000);
    const nobody = ["setpriv", "--reuid", `${NOBODY}`, "--regid", `${NOBODY}`, "--clear-groups"];
    const raw = ["--inh-caps", "+net_raw", "--ambient-caps", "+net_raw"];
    const start = async (name: string, ...may: string[]) => {
      const data = join(folder, name);
      await mkdir(data);
      await Promise.all([chmod(folder, 0o755), chown(data, NOBODY, NOBODY)]);
      const within = [...existing(other).within, ...nobody, ...may, "--no-new-privs"];
      return BoxProcess.start({ data, demo: true, within });
    };
    const shows = async ({ data }: BoxProcess) => {
      const { leds, lines } = await new AdminClient(data).panel();
      return { red: leds.red, lines };
    };
    const told = ({ program }: BoxProcess) =>
      program.stdout
        .split("\n")
        .filter((line) => line.includes('"event":"network-'))
        .map((line) => JSON.parse(line) as { event: string; check: string; msg: string });
    await existing(pc).ip("address", "add", "10.73.0.8/24", "dev", "eth0");
    const mayNot = await start("may-not");
    const may = await start("may", ...raw);
    try {
      const found = async () => {
        const { red, lines } = await shows(may);
        return red === "steady" && lines[0] === "fault: DUPLICATE ADDRESS" && lines;
      };
      const lines = await until(found, "the panel does not tell of it", 60_000);
      assert.equal(lines[1], "give this box or the other machine another one");
      const mac = /link\/ether (\S+)/.exec(await existing(pc).ip("link", "show", "eth0"))?.[1];
      const [failed, ...more] = told(may);
      assert.deepEqual([failed?.event, failed?.check, more], ["network-failed", "address-use", []]);
      assert.ok(failed?.msg.startsWith(`Another machine (${mac}) has the address 10.73.0.8 too.`));
      const silent = await shows(mayNot);
      assert.equal(silent.red, "off", silent.lines.join());
      assert.deepEqual(told(mayNot), []);

      await existing(pc).ip("address", "delete", "10.73.0.8/24", "dev", "eth0");
      await until(async () => (await shows(may)).red === "off", "it is told for ever", 90_000);
      // The log leaves the box a moment later.
      await until(async () => told(may).length > 1, "the log does not tell of the end", 5_000);
      assert.deepEqual(
        told(may).map(({ event }) => event),
        ["network-failed", "network-recovered"],
      );
    } finally {
      await Promise.all([may.stop(), mayNot.stop()]);
      await existing(pc)
        .ip("address", "delete", "10.73.0.8/24", "dev", "eth0")
        .catch(() => "");
      for (const each of [kms, server, router])
        await existing(each).ip("neighbour", "flush", "all");
    }
  });

  it("looks at the network by the configuration where no box runs", async () => {
    await box.stop();
    const config = ["--config", `${box.data}.json`, "--data", box.data];
    const examined = await ask("kms-box", kms, ...config);
    assertSays(examined, /^No box runs on .*\. Start it/, ["box"]);
    const update = examined.findings.find(({ id }) => id === `update:${DOMAIN}`);
    assert.match(update?.evidence ?? "", /accepts this box's signature/);
    const client = await askClient();
    assert.match(client.summary, /^No host that was found answers: kms\.office\.test:1688/);
    await writeFile(bind.keyFile("kms"), await forged());
    const refused = await ask("kms-box", kms, ...config);
    const refusal = refused.findings.find(({ id }) => id === `update:${DOMAIN}`);
    assert.equal(refusal?.result, "wrong");
    assert.match(refusal.evidence, /another secret/);
  });

  /** The same key with another secret. */
  async function forged(): Promise<string> {
    return existing(kms).run("tsig-keygen", "-a", "hmac-sha256", "kms");
  }
});

/** What the chapter in the README shows. */
async function example(): Promise<string> {
  const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
  return /\$ kms-box doctor\n(.*?)```/s.exec(readme)?.[1] ?? "";
}

/** Without what differs from one machine and version to the next. */
function lasting(text: string): string {
  return text
    .replace(/Version \S+/, "Version X")
    .replace(/[\d.]+ [MG]B/, "N GB")
    .replace(WHY_GONE, "(WHY)");
}

/** The kernel gives up looking for the machine at the same time as the doctor. */
const WHY_GONE = /\((?:no machine answers there|it does not answer within 3 s)\)/g;

function existing(machine: Machine | undefined): Machine {
  assert.ok(machine);
  return machine;
}
