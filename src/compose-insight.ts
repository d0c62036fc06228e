import { NodeClock, NodeTimers } from "./adapters/system/node-clock.ts";
import type { OpenBox } from "./compose-box.ts";
import { policyOf } from "./config/config.ts";
import type { Config } from "./config/schema.ts";
import type { LoggedEvent } from "./domain/events.ts";
import type { FleetMemory } from "./services/insight/fleet-memory.ts";
import { InsightService } from "./services/insight/insight-service.ts";

export interface InsightWiring extends OpenBox {
  readonly memory: FleetMemory;
  readonly recentEvents: () => readonly LoggedEvent[];
}

/** What looks ahead: at the counts, at clones, and at machines that have not come back. */
export function composeInsight(config: Config, wiring: InsightWiring): InsightService {
  return new InsightService({
    ...wiring,
    policy: policyOf(config),
    timers: new NodeTimers(),
    stopwatch: new NodeClock(),
  });
}
