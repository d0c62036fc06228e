import assert from "node:assert/strict";
import { NodeEd25519Verifier, sha256 } from "../../src/platform/ed25519.ts";
import { openLicence } from "../../src/protocol/licence.ts";
import { type ClientSelection, selectClients } from "../../src/services/client-list.ts";
import type { ClientView } from "../../src/services/client-view.ts";
import {
  DEMO_PRODUCT,
  DEMO_VENDOR_NAME,
  makeDemoLicence,
} from "../../src/services/demonstration.ts";
import { tellStoreNotices } from "../../src/services/store-events.ts";
import { Turnstile } from "../../src/services/turnstile.ts";
import { START_MS } from "../support/fake-clock.ts";
import { signerOf } from "../support/keys.ts";
import { MemoryStore } from "../support/memory-store.ts";
import { RecordedEvents } from "../support/recorded-events.ts";

describe("the turnstile", () => {
  it("lets a few through at a time, in the order of their coming", async () => {
    const turnstile = new Turnstile(2);
    const open: (() => void)[] = [];
    const begun: number[] = [];
    const all = [0, 1, 2, 3, 4].map((n) =>
      turnstile.run(async () => {
        begun.push(n);
        await new Promise<void>((resolve) => open.push(resolve));
        return n;
      }),
    );
    assert.deepEqual(begun, [0, 1]);
    assert.equal(turnstile.waiting, 3);
    for (let n = 0; n < 5; n++) {
      open[n]?.();
      await all[n];
    }
    assert.deepEqual(await Promise.all(all), [0, 1, 2, 3, 4]);
    assert.deepEqual(begun, [0, 1, 2, 3, 4]);
    assert.equal(turnstile.waiting, 0);
  });

  it("goes on after work that failed", async () => {
    const turnstile = new Turnstile(1);
    const failed = turnstile.run(() => Promise.reject(new Error("no")));
    const next = turnstile.run(async () => "done");
    await assert.rejects(failed, /no/);
    assert.equal(await next, "done");
    assert.equal(await turnstile.run(async () => "again"), "again");
  });
});

describe("the list of clients", () => {
  const view = (hostname: string, given: Partial<ClientView> = {}): ClientView => ({
    cmid: `${hostname}-0`,
    hostname,
    product: "writer",
    application: "office",
    agent: "agent/1",
    status: "licensed",
    firstContact: 1,
    lastContact: 1,
    activatedUntil: null,
    daysLeft: null,
    ...given,
  });
  const clients = [
    view("beta", { daysLeft: 3 }),
    view("Alpha", { product: "calc", cmid: "same-1" }),
    view("gamma", { daysLeft: -1, cmid: "same-1", lastContact: 9 }),
  ];
  const select = (given: Partial<ClientSelection> = {}) => {
    const all: ClientSelection = { sort: "hostname", order: "asc", offset: 0, limit: 10, ...given };
    const page = selectClients(clients, all);
    return [page.total, ...page.clients.map(({ hostname }) => hostname)];
  };

  it("is sorted as asked, clients without a lease first", () => {
    assert.deepEqual(select(), [3, "Alpha", "beta", "gamma"]);
    assert.deepEqual(select({ order: "desc" }), [3, "gamma", "beta", "Alpha"]);
    assert.deepEqual(select({ sort: "daysLeft" }), [3, "Alpha", "gamma", "beta"]);
    assert.deepEqual(select({ sort: "lastContact", order: "desc" }), [3, "gamma", "beta", "Alpha"]);
  });

  it("orders one CMID's records by product", () => {
    assert.deepEqual(select({ sort: "cmid" }), [3, "beta", "Alpha", "gamma"]);
  });

  it("holds what matches part of the host name or CMID, in any case", () => {
    assert.deepEqual(select({ search: "ALP" }), [1, "Alpha"]);
    assert.deepEqual(select({ search: "same" }), [2, "Alpha", "gamma"]);
    assert.deepEqual(select({ search: "same", product: "calc" }), [1, "Alpha"]);
  });

  it("is cut into pages", () => {
    assert.deepEqual(select({ offset: 1, limit: 1 }), [3, "beta"]);
    assert.deepEqual(select({ offset: 3 }), [3]);
  });
});

describe("the demonstration", () => {
  it("has a true licence of a vendor that says it is none", async () => {
    const vendor = signerOf("vendor");
    const random = (length: number) => new Uint8Array(length).fill(7);
    const token = await makeDemoLicence(vendor, signerOf("host"), random, START_MS);
    const verifier = new NodeEd25519Verifier();
    const { claims, vendorThumbprint } = await openLicence(token, {
      sha256,
      verify: verifier.verify.bind(verifier),
    });
    assert.equal(vendorThumbprint, vendor.thumbprint);
    assert.equal(claims.iss, DEMO_VENDOR_NAME);
    assert.deepEqual(claims.products, [DEMO_PRODUCT]);
    assert.equal(claims.exp - claims.nbf, 365 * 86_400);
  });
});

describe("what the store notices", () => {
  it("stands in the event log, with what to do", () => {
    const store = new MemoryStore();
    const events = new RecordedEvents();
    store.notice({ kind: "torn-tail", file: "journal", bytes: 7 });
    tellStoreNotices(store, events);
    store.notice({ kind: "damaged-slot", file: "slot-a", reason: "checksum" });
    store.notice({ kind: "damaged-journal", file: "journal", line: 3, reason: "checksum" });
    store.notice({ kind: "migrated", from: 1, to: 2, kept: "old" });
    store.notice({ kind: "failed", code: "EIO", reason: "no card" });
    store.notice({ kind: "recovered", afterMs: 1500 });
    store.notice({ kind: "compacted", records: 5, bytes: 99, tookMs: 2 });
    assert.deepEqual(events.names, [
      "storage-repaired",
      "storage-repaired",
      "storage-repaired",
      "storage-migrated",
      "storage-failed",
      "storage-recovered",
      "storage-compacted",
    ]);
    assert.match(events.all[0]?.message ?? "", /nothing that was answered is lost/);
    assert.match(events.all[2]?.message ?? "", /line 3 \(checksum\).*Replace the card/);
    assert.match(events.all[4]?.message ?? "", /nobody is activated: no card/);
    assert.match(events.all[5]?.message ?? "", /after 2 s/);
    assert.equal(events.all[4]?.details.code, "EIO");
  });
});
