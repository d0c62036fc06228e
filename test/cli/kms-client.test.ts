import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { PROGRAMS } from "../support/box-process.ts";
import { FAKE_PRODUCT, FakeHost } from "../support/fake-host.ts";
import { RawServer } from "../support/raw-server.ts";
import { TinyDns } from "../support/tiny-dns.ts";

const PROGRAM = join(PROGRAMS, "kms-client.js");

interface Run {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

describe("kms-client as a program", () => {
  let base: string;
  let state: string;
  let vendorKey: string;
  let machineId: string;
  let host: FakeHost;
  let dns: TinyDns;

  before(async () => {
    host = await FakeHost.start();
    dns = await TinyDns.start();
    dns.a.set("kms.office.test", "127.0.0.1");
    dns.srv.set("_vlmcs._tcp.office.test", [
      { target: "kms.office.test", port: host.port, priority: 0, weight: 0 },
    ]);
  });

  after(async () => {
    await host.stop();
    await dns.stop();
  });

  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), "kms-client-cli-"));
    state = join(base, "state");
    vendorKey = join(base, "vendor.pub.jwk");
    await writeFile(vendorKey, JSON.stringify(host.vendor.publicJwk));
    host.behaviour = {};
    machineId = "this machine";
  });

  afterEach(() => rm(base, { recursive: true, force: true }));

  function start(args: readonly string[]): ChildProcess {
    const env = { ...process.env, KMS_CLIENT_MACHINE_ID: machineId };
    return spawn(process.execPath, [PROGRAM, ...args], {
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  async function run(...args: string[]): Promise<Run> {
    const child = start([...args, "--state", state]);
    if (!child.stdout || !child.stderr) throw new Error("no pipes");
    const [out, err] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "close"),
    ]);
    return { status: child.exitCode, out, err };
  }

  const activate = (...args: string[]) =>
    run("activate", "--product", FAKE_PRODUCT, "--vendor-key", vendorKey, ...args);

  it("activates by DNS, tells its status, verifies offline, and rearms", async () => {
    const found = ["--domain", "office.test", "--dns-server", dns.address];
    const activated = await activate(...found);
    assert.equal(activated.err, "");
    assert.equal(activated.status, 0);
    assert.match(activated.out, /^office-suite is activated by kms\.office\.test:\d+ until /);

    const status = await run("status");
    assert.equal(status.status, 0);
    assert.match(status.out, /Licence status +licensed/);
    assert.match(status.out, /Ends in +2(59200|59199) minutes/);
    assert.match(status.out, /Renewal interval +10080 minutes/);
    assert.match(status.out, /Host found by +srv \(SRV _vlmcs\._tcp\.office\.test, priority 0/);

    const verified = await run("verify", "--json");
    assert.equal(verified.status, 0);
    assert.equal(JSON.parse(verified.out).reason, "activated");

    const { products } = JSON.parse((await run("status", "--json")).out);
    assert.equal(products[0].status, "licensed");
    assert.equal(products[0].host.found, "srv");
    assert.match((await run("verify")).out, /^Product +office-suite\nLease +holds\n/);

    const rearmed = await run("rearm");
    assert.match(rearmed.out, /The CMID is now [0-9a-f-]{36}/);
    const unverified = await run("verify");
    assert.equal(unverified.status, 2);
    assert.match(unverified.err, /^Error: The KMS client is not installed/);
  });

  it("tells what it noticed beside its answer", async () => {
    await activate("--host", host.address);
    const other = await FakeHost.start();
    await writeFile(vendorKey, JSON.stringify(other.vendor.publicJwk));
    machineId = "another machine";
    const { status, out, err } = await activate("--host", other.address, "--json");
    await other.stop();
    assert.equal(status, 0);
    assert.match(
      err,
      /^Note: This state was made on another machine.*\nNote: the vendor key was repl/,
    );
    const answer = JSON.parse(out);
    assert.equal(answer.activated, true);
    assert.equal(answer.vendor, "Test Vendor");
  });

  it("wants to know which of several products is meant", async () => {
    await Promise.all([
      activate("--host", "127.0.0.1:1"),
      run("activate", "--product", "cad", "--vendor-key", vendorKey, "--host", "127.0.0.1:1"),
    ]);
    const { status, out } = await run("status");
    assert.equal(status, 0);
    assert.equal(out.match(/initial-grace/g)?.length, 2);
    const verified = await run("verify");
    assert.equal(verified.status, 2);
    assert.match(verified.err, /Several products are installed here .*name one with --product/);
    const cad = await run("verify", "--product", "cad", "--vendor-key", vendorKey);
    assert.equal(cad.status, 1);
    assert.match(cad.err, /No host has activated this machine yet/);
  });

  it("ends with 3 below the threshold", async () => {
    const details = { count: 1, threshold: 25, retryIntervalMinutes: 120 };
    host.behaviour = { refuse: { name: "count-below-threshold", details } };
    const { status, out } = await activate("--host", host.address, "--json");
    assert.equal(status, 3);
    const { error } = JSON.parse(out);
    assert.equal(error.code, "count-below-threshold");
    assert.match(error.message, /1 of 25/);
  });

  it("ends with 4 where there is no host", async () => {
    const nowhere = await activate(
      "--domain",
      "other.test",
      "--dns-server",
      dns.address,
      "--no-mdns",
    );
    assert.equal(nowhere.status, 4);
    assert.match(
      nowhere.err,
      /^Error: No KMS host was found: _vlmcs\._tcp\.other\.test has no SRV/,
    );
    const unreachable = await activate("--host", "127.0.0.1:1");
    assert.equal(unreachable.status, 4);
  });

  it("ends with 5 where the answer is not trusted", async () => {
    host.behaviour = { lease: (claims) => ({ ...claims, nonce: "B".repeat(32) }) };
    const { status, err } = await activate("--host", host.address);
    assert.equal(status, 5);
    assert.match(err, /is not trusted: The lease does not answer this request\.\n$/);
  });

  it("ends with 1 on another refusal", async () => {
    host.behaviour = { refuse: { name: "clock-untrusted" } };
    assert.equal((await activate("--host", host.address)).status, 1);
  });

  it("ends with 2 on wrong usage, with one sentence", async () => {
    const wrong: [string[], RegExp][] = [
      [["activate", "--product", FAKE_PRODUCT], /--vendor-key vendor\.pub\.jwk/],
      [["activate", "--product", "no spaces please"], /is not a product id/],
      [["status"], /No product is installed here/],
      [["set-host", "http://kms"], /is not an address/],
      [["discover", "--dns-server", "ns.office.test"], /is not the address of a name server/],
      [["discover", "--service", "vlmcs"], /"vlmcs" is not a service label: an underscore and/],
      [["activate", "--domain", "../x"], /"\.\.\/x" is not a DNS domain: write it as in office/],
      [["doctor", "--domain", ""], /"" is not a DNS domain/],
      [["frobnicate"], /unknown command/],
    ];
    const runs = await Promise.all(wrong.map(([args]) => run(...args)));
    for (const [i, { status, err }] of runs.entries()) {
      assert.equal(status, 2, err);
      assert.match(err, wrong[i]?.[1] ?? /./);
      assert.equal(err.trim().split("\n").length, 1);
    }
  });

  it("takes no private key of a vendor", async () => {
    await writeFile(vendorKey, JSON.stringify({ ...host.vendor.publicJwk, d: "secret" }));
    const { status, err } = await activate("--host", host.address);
    assert.equal(status, 2);
    assert.match(err, /private key, which must never leave the vendor/);
    assert.ok(!err.includes("secret"));
  });

  it("keeps a configured host until told otherwise, and shows hosts", async () => {
    await run("set-host", host.address);
    const discovered = JSON.parse((await run("discover", "--json")).out);
    assert.equal(discovered.hosts[0].found, "configured");
    assert.equal(discovered.hosts[0].answer.products[0].id, FAKE_PRODUCT);
    assert.match(
      (await run("discover")).out,
      /Product {2,}office-suite: 25 of 1 clients, activating/,
    );
    await run("clear-host");
    const byDns = ["discover", "--domain", "office.test", "--dns-server", dns.address];
    assert.match(
      (await run(...byDns)).out,
      /^Asked: SRV in office\.test: 1\nHost .*\n +Found by +srv \(SRV _vlmcs/,
    );
    const nowhere = await run(
      "discover",
      "--domain",
      "x.test",
      "--dns-server",
      dns.address,
      "--no-mdns",
    );
    assert.equal(nowhere.status, 4);
    assert.match(nowhere.err, /No KMS host was found: _vlmcs\._tcp\.x\.test has no SRV record/);
    const none = await run("discover", "--host", "127.0.0.1:1");
    assert.equal(none.status, 4);
    assert.match(none.out, /nothing listens there/);
  });

  it("asks by mDNS where DNS names no host, unless it is told not to", async () => {
    const byDns = ["discover", "--domain", "x.test", "--dns-server", dns.address];
    // Whether this machine's network has a host is not for a test to say.
    const asked = await run(...byDns, "--service", "_kms-box-none");
    assert.match(
      asked.err,
      /has no SRV record; (no host on this machine's links|this machine has no)/,
    );
    assert.match((await run("set-mdns", "off")).out, /not found by mDNS/);
    const silent = await run(...byDns);
    assert.match(silent.err, /has no SRV record\. Publish/);
    assert.deepEqual(JSON.parse((await run("set-mdns", "on", "--json")).out), { mdns: true });
  });

  it("runs as an agent until it is told to stop", async () => {
    const args = ["run", "--product", FAKE_PRODUCT, "--vendor-key", vendorKey, "--json"];
    const child = start([...args, "--host", host.address, "--state", state]);
    let out = "";
    child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      out += chunk;
      if (out.includes('"activated"') && !child.killed) child.kill("SIGTERM");
    });
    await once(child, "close");
    assert.equal(child.exitCode, 0);
    const events = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).event);
    assert.deepEqual(events, ["agent-started", "activated", "status-changed", "agent-stopped"]);
    assert.match(await readFile(join(state, "settings.json"), "utf8"), /"office-suite"/);
  });

  it("ends as failed, and says why, where nobody reads its log any longer", async () => {
    const args = ["run", "--product", FAKE_PRODUCT, "--vendor-key", vendorKey];
    const child = start([...args, "--host", host.address, "--state", state]);
    if (!child.stdout || !child.stderr) throw new Error("no pipes");
    child.stdout.destroy();
    assert.match(await text(child.stderr), /^Error: The log can no longer be written.*EPIPE/);
    if (child.exitCode === null) await once(child, "exit");
    assert.equal(child.exitCode, 1);
  });

  it("goes on to the next host where the first switches protocols", async () => {
    const switching = await RawServer.answering(
      "HTTP/1.1 101 Switching Protocols\r\nupgrade: foo\r\nconnection: upgrade\r\n\r\n",
    );
    const name = "_vlmcs._tcp.two.test";
    const target = "kms.office.test";
    dns.srv.set(name, [
      { target, port: switching.port, priority: 0, weight: 0 },
      { target, port: host.port, priority: 1, weight: 0 },
    ]);
    try {
      const byDns = ["--domain", "two.test", "--dns-server", dns.address];
      const activated = await activate(...byDns);
      assert.equal(activated.status, 0, activated.err);
      assert.ok(activated.out.includes(`by kms.office.test:${host.port} until`), activated.out);
      const { out, status } = await run("discover", ...byDns);
      assert.equal(status, 0);
      assert.match(out, /Answer +what answers there is not a KMS host of this kind/);
      const alone = await activate("--host", `127.0.0.1:${switching.port}`);
      assert.equal(alone.status, 5);
      assert.match(alone.err, /not a KMS host of this kind/);
    } finally {
      await switching.stop();
    }
  });

  it("has examples in every help", async () => {
    const commands = [
      "activate",
      "status",
      "run",
      "discover",
      "rearm",
      "verify",
      "set-host",
      "clear-host",
      "set-mdns",
    ];
    const helps = await Promise.all(commands.map((command) => run(command, "--help")));
    for (const { status, out } of helps) {
      assert.equal(status, 0);
      assert.match(out, /Examples?:\n {2}kms-client /);
    }
    assert.match((await run("--help")).out, /Exit status: 0 activated/);
  });
});
