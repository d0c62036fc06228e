import type { PanelFacts } from "../../panel/facts.ts";

/** What can be told before the state is open. */
export function bootFacts(version: string): PanelFacts {
  return {
    nowMs: 0,
    serving: false,
    counts: [],
    network: { hostname: "", addresses: [], link: "unknown", port: 0, webPort: null },
    dns: { state: "off" },
    clients: { total: 0, last: null, lapsingSoon: 0 },
    health: {
      clock: { trusted: false, detail: "" },
      flash: { ok: true, freeBytes: null },
      temperatureCelsius: null,
      uptimeMs: 0,
      version,
      lastStart: "",
    },
    faults: [],
  };
}
