import assert from "node:assert/strict";
import { HOUR_MS, MINUTE_MS } from "../../src/domain/units.ts";
import { sha256 } from "../../src/platform/ed25519.ts";
import { LicenceFile } from "../../src/services/licence-file.ts";
import { LicenceService } from "../../src/services/licences.ts";
import { licenceOf, type TestHost, testHost } from "../support/host.ts";
import { signerOf } from "../support/keys.ts";
import { VirtualTimers } from "../support/virtual-timers.ts";

const vendor = signerOf("vendor");

describe("the licence that the configuration names", () => {
  let host: TestHost;
  let timers: VirtualTimers;
  let content: string | Error;
  let reads: number;
  beforeEach(async () => {
    host = await testHost({ licensed: false });
    timers = new VirtualTimers();
    content = `${await licenceOf(vendor, host)}\n`;
    reads = 0;
  });

  const licenceFile = (options: { addVendor?: boolean; licences?: LicenceService } = {}) =>
    new LicenceFile({
      store: host.store,
      licences: options.licences ?? host.licences,
      clock: host.hostClock,
      events: host.events,
      timers,
      sha256,
      path: "licence.jwt",
      addVendor: options.addVendor ?? false,
      read: async () => {
        reads += 1;
        if (content instanceof Error) throw content;
        return content;
      },
    });
  const installed = () => host.licences.book.licences.map(({ token }) => token);
  /** Signatures are checked in another thread. */
  const pass = async (file: LicenceFile, durationMs: number) => {
    await timers.pass(durationMs);
    await file.stop();
  };

  it("is installed at the start", async () => {
    const file = licenceFile();
    await file.start();
    assert.deepEqual(installed(), [String(content).trim()]);
    assert.deepEqual([file.faults, timers.waiting], [[], 0]);
  });

  it("waits until the time is known", async () => {
    host.clock.distrust();
    host.clock.wallMs = 0;
    const file = licenceFile();
    await file.start();
    assert.deepEqual([installed(), file.faults, host.events.all], [[], [], []]);
    host.clock.trustAgain();
    host.clock.wallMs = Date.UTC(2025, 0, 6, 8);
    await pass(file, MINUTE_MS);
    assert.equal(installed().length, 1);
  });

  it("is installed once only: not again after another was, nor after a restart", async () => {
    await licenceFile().start();
    const { store, signer, verifier, events } = host;
    const restarted = new LicenceService({ store, signer, verifier, events, sha256 });
    await restarted.start();
    host.events.all.length = 0;
    const commits = host.store.durable.length;
    const file = licenceFile({ licences: restarted });
    await file.start();
    assert.deepEqual([host.events.all, file.faults, timers.waiting], [[], [], 0]);
    assert.equal(host.store.durable.length, commits);
  });

  it("is installed when the file holds a new one", async () => {
    await licenceFile().start();
    content = await licenceOf(vendor, host, { jti: "a-newer-licence-of-it-" });
    await licenceFile().start();
    assert.ok(installed().includes(content));
  });

  it("that another host was meant for is told once, and tried again each hour", async () => {
    content = await licenceOf(vendor, { clock: host.clock, signer: signerOf("other") });
    const file = licenceFile();
    await file.start();
    assert.deepEqual(installed(), []);
    const [fault] = file.faults;
    assert.ok(fault && fault.title.length <= 20 && fault.nextStep.length <= 60);
    assert.deepEqual(
      host.events.all.map(({ name }) => name),
      ["licence-unusable"],
    );
    assert.match(
      host.events.all[0]?.message ?? "",
      /licence\.jwt is not installed: .*another host/,
    );
    await pass(file, HOUR_MS);
    assert.deepEqual([reads, host.events.all.length], [2, 1]);
  });

  it("of a second vendor needs consent", async () => {
    await host.grant(signerOf("first vendor"), {
      products: [{ id: "cad", name: "CAD", application: "cad", threshold: 1 }],
    });
    const refused = licenceFile();
    await refused.start();
    assert.deepEqual([installed().length, refused.faults.length], [1, 1]);
    await licenceFile({ addVendor: true }).start();
    assert.equal(installed().length, 2);
  });

  it("that cannot be read is tried again, and its fault goes once it can", async () => {
    const licence = content;
    content = new Error("ENOENT: no such file");
    const file = licenceFile();
    await file.start();
    assert.equal(file.faults.length, 1);
    content = licence;
    await pass(file, MINUTE_MS);
    assert.deepEqual([installed().length, file.faults.length], [1, 0]);
  });

  it("is not tried again after the stop", async () => {
    host.clock.distrust();
    const file = licenceFile();
    await file.start();
    await file.stop();
    await timers.pass(HOUR_MS);
    assert.equal(reads, 1);
  });
});
