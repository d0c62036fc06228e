import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Answer, BoxProcess, RunningProgram, runProgram } from "../support/box-process.ts";
import { type Machine, NetworkRig } from "../support/netns.ts";

const MINUTE_MS = 60_000;
const PRODUCT = "demo-office";
/** Writes how many answers of multicast DNS arrive at an address in three seconds. */
const LISTEN = `
const socket = require("dgram").createSocket({ type: "udp4", reuseAddr: true });
let heard = 0;
socket.on("message", (packet) => { if (packet[2] & 0x80) heard++; });
socket.bind(5353, () => {
  socket.addMembership("224.0.0.251", process.argv[1]);
  setTimeout(() => { console.log(heard); process.exit(); }, 10000);
});`;
/** Asks the box alone and everybody, from an address; writes how many answers come to that. */
const ASK = `
const question = "000700000001000000000000065f766c6d6373045f746370056c6f63616c00000c0001";
const socket = require("dgram").createSocket("udp4");
let heard = 0;
socket.on("message", () => heard++);
socket.on("error", () => {});
socket.bind(0, process.argv[1], () => {
  socket.setMulticastTTL(255);
  socket.setMulticastInterface(process.argv[1]);
  for (const to of ["10.71.0.1", "224.0.0.251"]) socket.send(Buffer.from(question, "hex"), 5353, to);
  setTimeout(() => { console.log(heard); process.exit(); }, 1000);
});`;

interface Discovered {
  readonly hosts: readonly { address: string; found: string; why: string; answer: object }[];
  readonly asked: readonly { place: string; found: number; whyNot: string }[];
}

describe("A box and its clients on links of their own", function () {
  this.timeout(MINUTE_MS);
  let rig: NetworkRig;
  let folder: string;
  let box: BoxProcess;
  /** On the box's link. */
  let near: Machine;
  let router: Machine;
  /** Behind the router. */
  let far: Machine;
  /** On a link without IPv4. */
  let six: Machine;
  let host: Machine;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "kms-box-netns-"));
    rig = await NetworkRig.create();
    [host, near, router, far, six] = await Promise.all([
      rig.machine("kms"),
      rig.machine("near"),
      rig.machine("router"),
      rig.machine("far"),
      rig.machine("six"),
    ]);
    await rig.link(
      { machine: host, device: "eth0", addresses: ["10.71.0.1/24"] },
      { machine: near, device: "eth0", addresses: ["10.71.0.2/24"] },
      { machine: router, device: "eth0", addresses: ["10.71.0.254/24"] },
    );
    await rig.link(
      { machine: router, device: "eth1", addresses: ["10.72.0.254/24"] },
      { machine: far, device: "eth0", addresses: ["10.72.0.2/24"] },
    );
    await rig.link(
      { machine: host, device: "eth1", addresses: ["fd71::1/64"] },
      { machine: six, device: "eth0", addresses: ["fd71::2/64"] },
    );
    await router.run("sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward");
    await host.ip("route", "add", "10.72.0.0/24", "via", "10.71.0.254");
    await far.ip("route", "add", "default", "via", "10.72.0.254");
    box = await startBox(host, join(folder, "box"));
    await announced(box, "eth0, eth1");
  });

  after(async () => {
    await box?.stop();
    rig?.delete();
    await rm(folder, { recursive: true, force: true });
  });

  async function startBox(machine: Machine, data: string): Promise<BoxProcess> {
    const config = join(folder, "box.json");
    const policy = { activationThreshold: 1, renewalIntervalMinutes: 1, retryIntervalMinutes: 1 };
    await writeFile(config, JSON.stringify({ policy }));
    const args = ["--bind", "::", "--port", "1688", "--config", config, "--no-panel"];
    return BoxProcess.start({ data, demo: true, args, within: machine.within });
  }

  /** What the box says when it is announced there: a link may be ready later than another. */
  async function announced(
    { program }: BoxProcess,
    interfaces: string,
  ): Promise<Record<string, unknown>> {
    for await (const line of program.lines()) {
      const event = JSON.parse(line) as Record<string, unknown>;
      if (event.event === "mdns-announced" && event.interfaces === interfaces) return event;
    }
    throw new Error("The box ended.");
  }

  const vendorKey = () => join(box.data, "demo-vendor", "vendor.pub.jwk");

  function client(machine: Machine, command: string, ...args: string[]): Promise<Answer> {
    const own = ["--state", join(folder, machine.hostname), "--json"];
    const env = { KMS_CLIENT_MACHINE_ID: machine.hostname };
    return runProgram("kms-client", [command, ...own, ...args], { env, within: machine.within });
  }

  const activate = (machine: Machine, ...args: string[]) =>
    client(machine, "activate", "--product", PRODUCT, "--vendor-key", vendorKey(), ...args);

  it("announces on every link, which needs no default route", async () => {
    const event = await announced(box, "eth0, eth1");
    assert.equal(event.instance, "kms");
  });

  it("is found, tells why, and activates", async () => {
    const { hosts, asked } = (await client(near, "discover")).json<Discovered>();
    assert.deepEqual(
      hosts.map(({ address, found, why }) => [address, found, why]),
      [["10.71.0.1:1688", "mdns", 'mDNS "kms" on eth0, priority 0, weight 100']],
    );
    assert.ok(hosts[0] && "products" in hosts[0].answer);
    assert.deepEqual(
      asked.map(({ place, found }) => [place, found]),
      [["mDNS", 1]],
    );
    const activation = await activate(near);
    assert.equal(activation.status, 0, activation.stdout + activation.stderr);
    assert.equal(activation.json().host, "10.71.0.1:1688");
  });

  it("is found on a link that has IPv6 alone", async () => {
    const activation = await activate(six);
    assert.equal(activation.status, 0, activation.stdout + activation.stderr);
    assert.equal(activation.json().host, "[fd71::1]:1688");
  });

  it("is not found by a client that is told not to ask its link", async () => {
    const answer = await client(near, "discover", "--no-mdns");
    assert.equal(answer.status, 4);
  });

  it("is not seen from behind a router, though it can be reached from there", async () => {
    const listening = far.run(process.execPath, "-e", LISTEN, "10.72.0.2");
    const nearby = near.run(process.execPath, "-e", LISTEN, "10.71.0.2");
    // An address more makes the box announce itself anew.
    await host.ip("address", "add", "10.71.0.11/24", "dev", "eth0");
    const [discovered, asked] = await Promise.all([
      client(far, "discover"),
      far.run(process.execPath, "-e", ASK, "10.72.0.2"),
    ]);
    assert.equal(discovered.status, 4);
    assert.match(discovered.stdout, /no host on this machine's links answers by mDNS/);
    assert.equal(asked, "0\n");
    // While it announces itself anew it does not answer.
    const asks = () => near.run(process.execPath, "-e", ASK, "10.71.0.2");
    for (let tries = 1; (await asks()) !== "1\n"; tries++) {
      assert.ok(tries < 8, "a machine on the link is answered once");
    }
    assert.equal(await listening, "0\n");
    assert.ok(Number(await nearby) > 0);
    const byAddress = await client(far, "discover", "--host", "10.71.0.1");
    assert.equal(byAddress.status, 0);
  });

  it("lets a client fail in plain words while its cable is out, and succeed afterwards", async () => {
    const state = ["--state", join(folder, "fresh")];
    await near.ip("link", "set", "eth0", "down");
    const fresh = await activate(near, ...state);
    assert.equal(fresh.status, 4);
    assert.match(fresh.stdout, /No KMS host was found: .*no network to ask by mDNS/);
    const known = await activate(near);
    assert.equal(known.status, 4);
    assert.match(known.stdout, /could be reached \(10\.71\.0\.1:1688\).*no route to its network/);
    await near.ip("link", "set", "eth0", "up");
    assert.equal((await activate(near, ...state)).status, 0);
    assert.equal((await activate(near)).json().found, "mdns");
  });

  it("renews by its agent after the route was cut and restored", async function () {
    this.timeout(5 * MINUTE_MS);
    const args = ["run", "--product", PRODUCT, "--vendor-key", vendorKey(), "--json"];
    args.push("--state", join(folder, "agent"));
    const env = { KMS_CLIENT_MACHINE_ID: "agent" };
    const agent = new RunningProgram("kms-client", args, env, near.within);
    try {
      const events = agent.lines();
      const next = async (wanted: string) => {
        for (;;) {
          const { value, done } = await events.next();
          if (done) throw new Error(`The agent ended: ${agent.stderr}`);
          const { event, message } = JSON.parse(value) as { event: string; message: string };
          if (event === wanted) return message;
        }
      };
      await next("activated");
      await near.ip("link", "set", "eth0", "down");
      assert.match(await next("attempt-failed"), /no route to its network/);
      await near.ip("link", "set", "eth0", "up");
      assert.match(await next("renewed"), /is activated by 10\.71\.0\.1{1,2}:1688/);
    } finally {
      agent.child.kill("SIGTERM");
      await agent.ended();
    }
  });

  it("goes on without a network, and announces itself once there is one", async () => {
    const [lone, guest] = await Promise.all([rig.machine("lone"), rig.machine("guest")]);
    const alone = await startBox(lone, join(folder, "lone-box"));
    try {
      await rig.link(
        { machine: lone, device: "eth0", addresses: ["10.73.0.1/24"] },
        { machine: guest, device: "eth0", addresses: ["10.73.0.2/24"] },
      );
      await announced(alone, "eth0");
      assert.equal((await client(guest, "discover")).status, 0);
    } finally {
      assert.equal(await alone.stop(), 0);
    }
    assert.equal((await client(guest, "discover")).status, 4);
  });
});
