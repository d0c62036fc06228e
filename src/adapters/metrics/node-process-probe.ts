import { setImmediate } from "node:timers/promises";
import { SECOND_MS } from "../../domain/units.ts";
import type { ProcessFacts, ProcessProbe } from "../../ports/metrics.ts";

const MICROSECONDS = 1e6;

/** This process, by Node's own figures; nothing runs between two looks. */
export class NodeProcessProbe implements ProcessProbe {
  async look(): Promise<ProcessFacts> {
    const { rss, heapUsed } = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    const askedMs = performance.now();
    await setImmediate();
    return {
      residentBytes: rss,
      heapUsedBytes: heapUsed,
      cpuSeconds: (user + system) / MICROSECONDS,
      startSeconds: performance.timeOrigin / SECOND_MS,
      loopLagSeconds: (performance.now() - askedMs) / SECOND_MS,
      loopActiveSeconds: performance.eventLoopUtilization().active / SECOND_MS,
    };
  }
}
