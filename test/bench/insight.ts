import { NodeClock, NodeTimers } from "../../src/adapters/system/node-clock.ts";
import { calendar } from "../../src/domain/insight/calendar.ts";
import { forecast } from "../../src/domain/insight/forecast.ts";
import { ActivationLedger } from "../../src/domain/ledger.ts";
import { DEFAULT_POLICY } from "../../src/domain/policy.ts";
import { DAY_MS } from "../../src/domain/units.ts";
import { inSlices } from "../../src/services/insight/in-slices.ts";
import { syntheticRecord } from "./fill.ts";

const WARM_WALKS = 5;
const PRODUCT = { id: "demo-office", name: "Demo", application: "demo", threshold: 25 };

export interface InsightFigures {
  readonly clients: number;
  /** Of the first walk of the process, and the median of those after it; without the pauses. */
  readonly coldMs: number;
  readonly warmMs: number;
  /** The longest that the event loop was held up: in the first walk, and in those after it. */
  readonly coldStallMs: number;
  readonly warmStallMs: number;
  /** The same of the calendar, cold. */
  readonly calendarMs: number;
  readonly calendarStallMs: number;
}

/** What looking ahead over so many CMIDs costs; every tenth is overdue. */
export async function insightFigures(clients: number): Promise<InsightFigures> {
  const nowMs = Date.now();
  const ledger = filled(clients, nowMs);
  const question = { nowMs, policy: DEFAULT_POLICY, products: [PRODUCT] };
  const walk = () => measured(forecast(ledger, question));
  const cold = await walk();
  const warm: Walk[] = [];
  for (let n = 0; n < WARM_WALKS; n++) warm.push(await walk());
  const days = await measured(calendar(ledger, [], DEFAULT_POLICY, nowMs));
  return {
    clients,
    coldMs: cold.workMs,
    coldStallMs: cold.stallMs,
    warmMs: warm.map(({ workMs }) => workMs).toSorted((a, b) => a - b)[WARM_WALKS >> 1] ?? 0,
    warmStallMs: Math.max(...warm.map(({ stallMs }) => stallMs)),
    calendarMs: days.workMs,
    calendarStallMs: days.stallMs,
  };
}

interface Walk {
  readonly workMs: number;
  readonly stallMs: number;
}

/** Runs the work as the box does, and watches the event loop from outside. */
async function measured(work: Generator<void, unknown>): Promise<Walk> {
  globalThis.gc?.();
  await new Promise((resolve) => setTimeout(resolve, 200));
  let workMs = 0;
  function* timed(): Generator<void, unknown> {
    for (;;) {
      const beganMs = performance.now();
      const step = work.next();
      workMs += performance.now() - beganMs;
      if (step.done) return step.value;
      yield;
    }
  }
  let stallMs = 0;
  let lastMs = performance.now();
  let running = true;
  const watch = (): void => {
    const nowMs = performance.now();
    stallMs = Math.max(stallMs, nowMs - lastMs);
    lastMs = nowMs;
    if (running) setImmediate(watch);
  };
  setImmediate(watch);
  await inSlices(timed(), { clock: new NodeClock(), timers: new NodeTimers() });
  running = false;
  return { workMs, stallMs };
}

function filled(clients: number, nowMs: number): ActivationLedger {
  const ledger = new ActivationLedger(7);
  const records = function* () {
    for (let n = 0; n < clients; n++) {
      const days = n % 10 === 0 ? 12 + (n % 17) : n % 7;
      yield syntheticRecord(n, Math.floor(nowMs - days * DAY_MS - (n % 1000) * 1000));
    }
  };
  ledger.load(records());
  return ledger;
}
