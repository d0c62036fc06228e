import { PromExposition } from "../../src/adapters/metrics/prom-exposition.ts";
import type { ProcessFacts } from "../../src/ports/metrics.ts";
import { BoxMetrics, type BoxMetricsParts } from "../../src/services/metrics/box-metrics.ts";
import { registration } from "./dns-registrations.ts";
import { WELL } from "./fake-health.ts";
import type { TestHost } from "./host.ts";

const PROCESS: ProcessFacts = {
  residentBytes: 60e6,
  heapUsedBytes: 9e6,
  cpuSeconds: 1.5,
  startSeconds: 1_736_150_400,
  loopLagSeconds: 0.001,
  loopActiveSeconds: 2,
};

/** A box's metrics with something of every family, unless a test says otherwise. */
export function metricsOf(host: TestHost, given: Partial<BoxMetricsParts> = {}): PromExposition {
  const metrics = new BoxMetrics({
    store: host.store,
    clock: host.hostClock,
    licences: host.licences,
    report: host.report,
    tally: host.tally,
    process: { look: async () => PROCESS },
    version: "1.2.3",
    machine: () => WELL,
    dns: () => [
      {
        registration: registration(),
        server: null,
        rivals: [],
        state: { state: "published", sinceMs: 0, checkedMs: 5000, seenBySystem: true },
      },
    ],
    panel: () => ({ display: "present", leds: "no chip", button: "present" }),
    others: [],
    ...given,
  });
  return new PromExposition({
    read: () => metrics.read(),
    monotonicMs: () => host.clock.monotonicMs(),
  });
}
