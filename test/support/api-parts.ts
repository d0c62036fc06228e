import assert from "node:assert/strict";
import { ActivationEvents } from "../../src/services/activation-events.ts";
import { ClientForgetter } from "../../src/services/client-forgetter.ts";
import { Endings } from "../../src/services/endings.ts";
import type { ApiParts } from "../../src/web/api/api.ts";
import { AdminRig } from "./admin-rig.ts";
import { healthOf } from "./fake-health.ts";
import type { TestHost } from "./host.ts";

/** What the API shows of a test's host; what a test does not ask for fails it. */
export function apiParts(host: TestHost, admin = new AdminRig(host)): ApiParts {
  return {
    report: host.report,
    licences: host.licences,
    clock: host.hostClock,
    clockDesk: host.clockDesk,
    health: healthOf(host),
    signer: host.signer,
    panel: undefined,
    history: { read: (range) => ({ range, nowMs: 1000, applications: [] }) },
    backup: { read: () => assert.fail("not asked for"), news: { tell: () => undefined } },
    recentEvents: () => [],
    status: () => ({
      version: "1.2.3",
      host: host.signer.thumbprint,
      startedAt: 1,
      uptimeSeconds: 2,
      lastStart: "first start",
      failedUpgrade: null,
      time: 3,
      clock: { trusted: true, detail: "test" },
      address: "127.0.0.1:1688",
      demonstration: false,
      clients: 0,
      products: [],
      health: host.report.health(),
    }),
    endings: new Endings({
      events: host.events,
      reset: { record: async () => undefined },
      power: { off: async () => undefined },
    }),
    admin,
    alerts: () => undefined,
    forgetter: new ClientForgetter({
      store: host.store,
      events: new ActivationEvents(host.events, host.licences, host.clock),
    }),
    examine: async () => ({ result: "ok", summary: "Everything is well.", findings: [] }),
  };
}
