import assert from "node:assert/strict";
import { clientsView } from "../../src/cli/box/clients.ts";
import { statusView } from "../../src/cli/box/status.ts";
import { licenceLines } from "../../src/cli/support/licence-lines.ts";
import { DAY_MS } from "../../src/domain/units.ts";
import type { ClientPage, Status } from "../../src/web/api/schemas.ts";
import { cmidOf } from "../support/contacts.ts";
import { productOf } from "../support/licence-rig.ts";

const STATUS: Status = {
  version: "1.0.0",
  host: "host",
  startedAt: 0,
  uptimeSeconds: 7200,
  lastStart: "first start",
  failedUpgrade: null,
  time: 7200,
  clock: { trusted: true, detail: "NTP" },
  address: "[::]:1688",
  demonstration: false,
  clients: 4,
  products: [{ ...productOf("server", 5), count: 4, activating: false }],
  health: { healthy: true, reasons: [] },
};

describe("the status that is watched", () => {
  const view = statusView({ status: async () => STATUS });
  const later = { ...STATUS, time: 7201, uptimeSeconds: 7201 };
  const reached = {
    ...later,
    products: [{ ...productOf("server", 5), count: 5, activating: true }],
  };

  it("has a line for each change, and none for time that passes", async () => {
    const line = / {2}server 4 of 5 \(not activating\)$/;
    assert.match(String(view.changes(await view.read(), undefined)[0]), line);
    assert.deepEqual(view.changes(later, STATUS), []);
    assert.deepEqual(view.documents(later, STATUS), []);
    assert.match(String(view.changes(reached, later)[0]), /server 5 of 5 \(activating\)$/);
    assert.deepEqual(view.documents(reached, later), [reached]);
  });

  it("says for how long it has been up, and what will be activated", () => {
    const text = view.screen?.(reached).join("\n") ?? "";
    assert.match(text, /Up for +2 hours\n/);
    assert.match(text, /server +The product server +5 +5 +yes$/);
  });

  it("says that an upgrade was taken back, and why", () => {
    const failedUpgrade = {
      outcome: "rolled-back" as const,
      from: "1.0.0",
      to: "1.1.0",
      reason: "it did not answer",
      at: "2026-01-01T00:00:00Z",
    };
    const text = view.screen?.({ ...STATUS, failedUpgrade }).join("\n") ?? "";
    assert.match(text, /Upgrade +rolled back from 1\.1\.0 to 1\.0\.0, because it did not answer\n/);
    const unfinished = { ...failedUpgrade, outcome: "unfinished" as const };
    const other = view.screen?.({ ...STATUS, failedUpgrade: unfinished }).join("\n") ?? "";
    assert.match(other, /Upgrade +1\.1\.0 not in use, because it did not answer\n/);
  });

  it("says what is wrong with the box, with the next step", () => {
    const reasons = [{ code: "no-licence", detail: "Ask the vendor." }];
    const clock = { trusted: false, detail: "nobody set it" };
    const sick = { ...STATUS, clock, products: [], health: { healthy: false, reasons } };
    const text = view.screen?.(sick).join("\n") ?? "";
    assert.match(text, /Clock +NOT TRUSTED: nobody set it\n/);
    assert.match(text, /Health +NOT GOOD\n/);
    assert.match(text, / {2}no-licence: Ask the vendor\.\n\nNo product is licensed\.$/);
    assert.match(String(view.changes(sick, STATUS)[0]), / {2}no product; no-licence$/);
  });
});

describe("the clients that are watched", () => {
  const client = (number: number, members: object = {}) => ({
    cmid: cmidOf(number),
    hostname: `PC-${number}`,
    product: "p",
    application: "a",
    agent: "agent",
    status: "licensed",
    firstContact: 1000,
    lastContact: 1000,
    activatedUntil: null,
    daysLeft: null,
    ...members,
  });
  const page = (...clients: ClientPage["clients"]): ClientPage => ({
    total: clients.length,
    clients,
  });
  const view = clientsView(async () => page(client(1)));

  it("are a line each when they ask, and when they no longer count", async () => {
    const first = await view.read();
    assert.match(String(view.changes(first, undefined)[0]), /^PC-1 .* not activated$/);
    assert.deepEqual(view.changes(first, page(client(1))), []);
    const renewed = page(client(1, { lastContact: 2000, activatedUntil: 9000, daysLeft: 180 }));
    const lines = view.changes(renewed, page(client(1), client(2)));
    assert.match(String(lines[0]), /^PC-1 .* 180$/);
    assert.equal(lines[1], `PC-2  ${cmidOf(2)}  no longer shown`);
  });

  it("are the whole list as a document at each change", () => {
    const before = page(client(1));
    assert.deepEqual(view.documents(page(client(1)), before), []);
    assert.deepEqual(view.documents(page(client(2)), before), [page(client(2))]);
  });

  it("are fewer than match where a limit was given", () => {
    const lines = view.screen?.({ total: 7, clients: [client(1)] });
    assert.equal(lines?.at(-1), "7 clients; 1 are shown (--limit)");
  });
});

describe("a licence that is shown", () => {
  const licence = {
    vendor: "ACME",
    vendorThumbprint: "key",
    validFrom: DAY_MS / 1000,
    expires: (3 * DAY_MS) / 1000,
    products: [productOf("a")],
  };
  for (const [validity, nowMs, text] of [
    ["not-yet-valid", 0, "not yet, in 1 day"],
    ["valid", DAY_MS, "yes, 2 days left"],
    ["expired", 4 * DAY_MS, "no, it expired 1 day ago"],
  ] as const) {
    it(`says how long it is ${validity}`, () => {
      const lines = licenceLines({ ...licence, validity }, nowMs);
      assert.ok(lines.includes(`Valid       ${text}`), lines.join("\n"));
    });
  }
});
