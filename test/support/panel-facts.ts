import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../src/domain/units.ts";
import type { PanelFacts } from "../../src/panel/facts.ts";
import { START_MS } from "./fake-clock.ts";

/** What the panel of a healthy box tells that activates one product and has no faults. */
export function panelFacts(overrides: Partial<PanelFacts> = {}): PanelFacts {
  return {
    nowMs: START_MS,
    serving: true,
    counts: [{ name: "Example Desktop", activationCount: 31, activationThreshold: 25 }],
    network: {
      hostname: "kms-box",
      addresses: ["192.168.178.20", "2001:db8:4f2:1c00:ba27:ebff:fe12:3456"],
      link: "up",
      port: 1688,
      webPort: 80,
    },
    dns: {
      state: "published",
      record: "_vlmcs._tcp.office.example",
      sinceMs: START_MS - 3 * DAY_MS,
    },
    clients: {
      total: 31,
      last: { hostname: "ws-017", atMs: START_MS - 4 * MINUTE_MS },
      lapsingSoon: 2,
    },
    health: {
      clock: { trusted: true, detail: "NTP" },
      flash: { ok: true, freeBytes: 12_400_000_000 },
      temperatureCelsius: 47.2,
      uptimeMs: 3 * DAY_MS + 5 * HOUR_MS,
      version: "0.1.0",
      lastStart: "power cut",
    },
    faults: [],
    ...overrides,
  };
}
