import assert from "node:assert/strict";
import { rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AdminClient } from "../../src/cli/box/admin-client.ts";
import { Audience } from "../../src/cli/box/demo/audience.ts";
import { DemoClients } from "../../src/cli/box/demo/demo-clients.ts";
import { type DemoOutcome, outcomeLines } from "../../src/cli/box/demo/outcome.ts";
import { play } from "../../src/cli/box/demo/play.ts";
import { runDemo } from "../../src/cli/box/demo/run-demo.ts";
import {
  hasManyAddresses,
  loopbackAddress,
  reachable,
} from "../../src/cli/box/demo/source-address.ts";
import type { HostReply } from "../../src/client/host-reply.ts";
import { BoxProcess, runProgram, temporaryFolder } from "../support/box-process.ts";
import { productOf, VendorFixture } from "../support/licence-rig.ts";

const SETTINGS = { pauseMs: 0, product: undefined, processes: false, fresh: false, quiet: true };

describe("kms-box demo", () => {
  let box: BoxProcess;

  before(async () => {
    box = await BoxProcess.start({ demo: true });
  });

  after(() => box.stop());

  const demo = (...args: string[]) =>
    runProgram("kms-box", ["demo", "--data", box.data, "--pause", "0", ...args]);

  it("ends with 3 below the threshold and says how many are missing", async () => {
    const { status, stdout } = await demo("23");
    assert.equal(status, 3);
    assert.match(stdout, /23 clients ask the box at 127\.0\.0\.1:\d+ to activate "Demonstration/);
    assert.match(stdout, /\n +1 of 25 +DEMO-PC-01 is counted, not activated yet\n/);
    assert.match(stdout, /nobody is activated until 2 more clients ask/);
    assert.match(stdout, /kms-box demo 25\n$/);
  });

  it("keeps the clients' keys for the box's user only", async () => {
    const { mode } = await stat(join(box.data, "demo-clients", "clients.json"));
    assert.equal(mode & 0o777, 0o600);
  });

  it("activates all when the 25th has asked, and verifies a lease", async () => {
    const { status, stdout } = await demo();
    assert.equal(status, 0, stdout);
    assert.match(stdout, /24 of 25 +DEMO-PC-24 is counted, not activated yet\n/);
    assert.match(stdout, /25 of 25 +DEMO-PC-25 is activated to \d{4}-\d\d-\d\d$/m);
    assert.match(stdout, /threshold is reached\. The 24 that were only counted ask again:\n/);
    assert.match(stdout, /25 of 25 +DEMO-PC-01 is activated to/);
    assert.match(stdout, /25 of 25 clients are activated/);
    assert.match(stdout, /The lease of DEMO-PC-25 was checked and holds:\n/);
    assert.match(stdout, /Licensed by +DEMONSTRATION VENDOR/);
  });

  it("renews the same clients the second time, and adds none", async () => {
    const answer = await demo("-n", "2", "--json");
    assert.equal(answer.status, 0, answer.stderr);
    const { count, activated, missing, verified } = answer.json<DemoOutcome>();
    assert.deepEqual([count, activated, missing], [25, 2, 0]);
    assert.equal(verified?.hostname, "DEMO-PC-02");
    const { clients } = await new AdminClient(box.data).clients({ search: "DEMO-PC-01" });
    assert.equal(clients[0]?.status, "licensed");
  });

  it("makes new clients on demand, beside the others", async () => {
    const { count, verified } = await runDemo(box.data, { ...SETTINGS, clients: 1, fresh: true });
    assert.deepEqual([count, verified?.hostname], [26, "DEMO-PC-26"]);
  });

  it("looks to the box like as many machines, each with its own address", async () => {
    const { events } = await new AdminClient(box.data).events({ name: "request-received" });
    const sources = new Set(events.map(({ details }) => details.source));
    assert.equal(sources.size, (await hasManyAddresses(reachable(box.address))) ? 25 : 1);
  });

  it("starts a process for each request if told to", async () => {
    const answer = await demo("1", "--processes", "--json");
    assert.equal(answer.status, 0, answer.stderr);
    assert.equal(answer.json<DemoOutcome>().activated, 1);
  });

  it("does not run twice at once on one box", async () => {
    const clients = await DemoClients.open(box.data);
    await assert.rejects(runDemo(box.data, { ...SETTINGS, clients: 1 }), { code: "file-locked" });
    await clients.close();
  });

  it("does not guess which of two numbers is meant", async () => {
    const { status, stderr } = await demo("5", "-n", "6");
    assert.equal(status, 2);
    assert.match(stderr, /^Error: How many clients: 5, or 6\?/);
  });
});

describe("kms-box demo on a box with a real vendor", () => {
  let box: BoxProcess;

  before(async () => {
    box = await BoxProcess.start();
    const client = new AdminClient(box.data);
    const { host } = await client.licences();
    const publicJwk = await client.licenceRequest();
    const vendor = await VendorFixture.create("ACME");
    const token = await vendor.licence({ publicJwk, thumbprint: host }, [productOf("acme", 2)]);
    await client.installLicence({ token, addVendor: false });
  });

  after(() => box.stop());

  it("counts nobody unless the product is named", async () => {
    await assert.rejects(runDemo(box.data, { ...SETTINGS, clients: 1 }), {
      code: "no-demonstration",
      message: /--product ID/,
    });
    await assert.rejects(runDemo(box.data, { ...SETTINGS, clients: 1, product: "none" }), {
      code: "no-demonstration",
      message: /no valid licence for the product "none"; it has acme\./,
    });
    assert.equal((await new AdminClient(box.data).status()).clients, 0);
  });

  it("plays clients of the product that is named", async () => {
    const outcome = await runDemo(box.data, { ...SETTINGS, clients: 2, product: "acme" });
    assert.deepEqual([outcome.activated, outcome.verified?.vendor], [2, "ACME"]);
  });
});

describe("the parts of a demonstration", () => {
  const stage = {
    product: { ...productOf("p", 2), count: 0, activating: false },
    host: { host: "127.0.0.1", port: 1688 },
    manyAddresses: false,
    vendorThumbprint: "",
    leaseEndsMs: new Map<string, number>(),
  };
  const refusal = (
    code: string,
    reason: "refused" | "host-unreachable" = "refused",
  ): HostReply => ({
    kind: "failed",
    reason,
    code,
    message: "it said no",
  });
  let folder: string;

  before(async () => {
    folder = await temporaryFolder();
  });

  after(() => rm(folder, { recursive: true, force: true }));

  async function playWith(reply: HostReply) {
    const clients = await DemoClients.open(folder);
    const identities = await clients.take(2, false);
    await clients.close();
    const silent = () => undefined;
    const ask = async () => reply;
    return play(stage, identities, { pauseMs: 0, ask, onStep: silent, onAskAgain: silent });
  }

  it("goes on where one address alone is refused, and ends where all would be", async () => {
    const steps = await playWith(refusal("rate-limited"));
    assert.deepEqual(
      steps.map(({ count }) => count),
      [0, 0],
    );
    await assert.rejects(playWith(refusal("clock-untrusted")), { code: "demo-refused" });
    await assert.rejects(playWith(refusal("host-timeout", "host-unreachable")), {
      code: "demo-failed",
    });
  });

  it("says who was refused", () => {
    const outcome: DemoOutcome = {
      product: "p",
      clients: 1,
      count: 25,
      threshold: 25,
      missing: 0,
      activated: 0,
      refused: [{ hostname: "DEMO-PC-01", message: "too many" }],
      verified: null,
    };
    assert.deepEqual(outcomeLines(outcome), [
      "The count is 25, the threshold 25: reached, but nobody is activated.",
      "DEMO-PC-01 was refused: too many",
    ]);
    const [missing] = outcomeLines({ ...outcome, count: 24, missing: 1 });
    assert.match(String(missing), /until 1 more client asks/);
  });

  it("fills a bar in a terminal that is never wider than it", () => {
    const written: string[] = [];
    const audience = new Audience({
      isTTY: true,
      columns: 60,
      write: (text: string) => written.push(text),
    });
    const reply = refusal("rate-limited");
    audience.step({ hostname: "DEMO-PC-01", reply, count: 1, threshold: 2 });
    audience.say("done");
    assert.equal(
      written.join(""),
      "\r  [############.............]    1 of 2  DEMO-PC-01 is refu\u001B[K\ndone\n",
    );
  });

  it("has an address for each of thousands of clients", () => {
    const addresses = Array.from({ length: 10_000 }, (_, index) => loopbackAddress(index));
    assert.equal(new Set(addresses).size, 10_000);
    assert.deepEqual(addresses.slice(249, 251), ["127.0.1.250", "127.0.2.1"]);
    assert.deepEqual(reachable("[::]:1688"), { host: "127.0.0.1", port: 1688 });
    assert.deepEqual(reachable("192.0.2.1:1688"), { host: "192.0.2.1", port: 1688 });
  });

  it("takes addresses of the loopback network only for a box on it", async () => {
    assert.equal(await hasManyAddresses({ host: "192.0.2.1", port: 1688 }), false);
  });

  it("names a damaged file of clients and keeps it", async () => {
    const path = join(folder, "demo-clients", "clients.json");
    const damaged = { code: "demo-clients-damaged", message: /Remove it/ };
    for (const text of ["{", "{}"]) {
      await writeFile(path, text);
      await assert.rejects(DemoClients.open(folder), damaged);
    }
    for (const client of [null, { hostname: "DEMO-PC-01" }]) {
      await writeFile(path, JSON.stringify({ clients: [client] }));
      const clients = await DemoClients.open(folder);
      await assert.rejects(clients.take(1, false), damaged);
      await clients.close();
    }
  });

  it("says so when its folder cannot be made", async () => {
    const file = join(folder, "file");
    await writeFile(file, "");
    await assert.rejects(DemoClients.open(file), { code: "file-not-accessible" });
  });
});
