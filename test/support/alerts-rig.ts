import type { Alert, AlertKind, Condition } from "../../src/domain/alerts/alert.ts";
import type { AlertFacts } from "../../src/domain/alerts/conditions.ts";
import { AlertFailedError, type AlertTarget } from "../../src/ports/alerts.ts";
import { AlertService, type AlertServiceParts } from "../../src/services/alerts/alert-service.ts";
import { FakeClock } from "./fake-clock.ts";
import { MemoryStore } from "./memory-store.ts";
import { RecordedEvents } from "./recorded-events.ts";
import { VirtualTimers } from "./virtual-timers.ts";

/** A box with which nothing is wrong. */
export const ALL_WELL: AlertFacts = {
  nowMs: 0,
  clock: { trusted: true, detail: "NTP" },
  products: [],
  unlicensed: [],
  margin: 2,
  licences: [],
  dns: [],
  storageFailure: null,
  freeBytes: 20e9,
  lowVoltage: false,
  clones: 0,
  auditFault: null,
  upgradeFailure: null,
  replaced: null,
};

export const VOLTAGE: Condition = {
  key: "voltage-low",
  kind: "voltage-low",
  severity: "warning",
  stage: 0,
  sentence: "The supply voltage is too low.",
  remedy: "Use another.",
  over: "It is good again.",
};

export const ALERT: Alert = {
  id: "msg_1",
  news: "raised",
  key: "voltage-low",
  kind: "voltage-low",
  severity: "warning",
  sinceMs: 1_736_150_400_000,
  atMs: 1_736_150_460_000,
  sentence: "The supply voltage is too low.",
  remedy: "Use another.",
};

/** A target that takes what it is sent, or fails as it is told to. */
export class FakeTarget implements AlertTarget {
  readonly id: string;
  readonly label: string;
  readonly kind = "webhook";
  gatherMs = 0;
  mostAtOnce = 1;
  kinds: readonly AlertKind[] | undefined;
  /** Why it fails. */
  failure: AlertFailedError | undefined;
  /** What it waits for before it answers. */
  patience: Promise<void> | undefined;
  readonly got: Alert[] = [];
  readonly batches: number[] = [];
  tries = 0;

  constructor(id = "webhook:1") {
    this.id = id;
    this.label = id;
  }

  wants(kind: AlertKind): boolean {
    return this.kinds?.includes(kind) ?? true;
  }

  async send(alerts: readonly Alert[], signal: AbortSignal): Promise<string> {
    this.tries++;
    if (this.patience) {
      const aborted = new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(new Error("aborted")), { once: true });
      });
      await Promise.race([this.patience, aborted]);
    }
    if (this.failure) throw this.failure;
    this.got.push(...alerts);
    this.batches.push(alerts.length);
    return "status 200";
  }

  get told(): string[] {
    return this.got.map(({ news, key }) => `${news} ${key}`);
  }

  fail(code: AlertFailedError["code"] = "unreachable"): void {
    this.failure = new AlertFailedError(code, "It is away.");
  }
}

/** The service on fakes; the facts are a test's to set. */
export class AlertsRig {
  readonly clock = new FakeClock();
  readonly events = new RecordedEvents();
  timers = new VirtualTimers();
  readonly store = new MemoryStore();
  facts: AlertFacts = ALL_WELL;
  service: AlertService;
  readonly #targets: readonly AlertTarget[];
  readonly #given: Partial<AlertServiceParts>;
  #ids = 0;

  constructor(targets: readonly AlertTarget[], given: Partial<AlertServiceParts> = {}) {
    this.#targets = targets;
    this.#given = given;
    this.service = this.#made();
  }

  #made(): AlertService {
    return new AlertService({
      facts: {
        read: (reached) => ({
          ...this.facts,
          nowMs: this.clock.nowMs(),
          products: this.facts.products.map((each) => ({ ...each, reached: reached.has(each.id) })),
        }),
      },
      targets: this.#targets,
      store: this.store,
      clock: {
        read: () => ({ trusted: true, nowMs: this.clock.nowMs(), source: "test" }),
        monotonicMs: () => this.clock.monotonicMs(),
      },
      timers: this.timers,
      events: this.events,
      newId: () => `msg_${++this.#ids}`,
      remindMs: 86_400_000,
      ...this.#given,
    });
  }

  /** The same box after a power cut: nothing but what is on flash is left. */
  restart(): void {
    this.timers = new VirtualTimers();
    this.service = this.#made();
    this.service.start();
  }

  /** Time passes in steps of a round, and what falls due happens. */
  async pass(ms: number): Promise<void> {
    const stepMs = 5000;
    for (let passed = 0; passed < ms; passed += stepMs) {
      this.clock.pass(Math.min(stepMs, ms - passed));
      await this.timers.pass(Math.min(stepMs, ms - passed));
    }
  }
}
