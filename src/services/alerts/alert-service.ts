import type { Alert } from "../../domain/alerts/alert.ts";
import {
  type AlertState,
  type AlertTold,
  initialAlerts,
  type RaisedAlert,
  stepAlerts,
} from "../../domain/alerts/alert-machine.ts";
import { observe } from "../../domain/alerts/conditions.ts";
import {
  type DeliveryQueue,
  enqueue,
  forTargets,
  giveUp,
  owedTo,
  settle,
} from "../../domain/alerts/delivery-queue.ts";
import { SECOND_MS } from "../../domain/units.ts";
import type { AlertTarget } from "../../ports/alerts.ts";
import type { Timers } from "../../ports/clock.ts";
import type { EventLog } from "../../ports/events.ts";
import type { CmidStore, Json } from "../../ports/store.ts";
import type { HostClock } from "../host-clock.ts";
import { ALERTS_DOCUMENT, parseKeptAlerts } from "./alert-document.ts";
import type { AlertFactsSource } from "./alert-facts.ts";
import { type TargetFailure, TargetLine } from "./target-line.ts";
import { type TestResult, testTargets } from "./test-targets.ts";

/** How often the box is looked at. */
const ROUND_MS = 5 * SECOND_MS;

export interface AlertServiceParts {
  readonly facts: Pick<AlertFactsSource, "read">;
  readonly targets: readonly AlertTarget[];
  readonly store: Pick<CmidStore, "documents" | "commit">;
  readonly clock: Pick<HostClock, "read" | "monotonicMs">;
  readonly timers: Timers;
  readonly events: EventLog;
  /** A message's id that no other has. */
  readonly newId: () => string;
  /** How often what stays wrong is told again; infinite for never. */
  readonly remindMs: number;
}

export interface TargetReport {
  readonly target: AlertTarget;
  /** Alerts that it has not got yet. */
  readonly waiting: number;
  readonly failure: TargetFailure | undefined;
  readonly retryInMs: number;
}

/**
 * Looks at the box every few seconds, and tells whoever is to know when something goes wrong, stays so,
 * or is over. What stands and what is still to be sent is kept on flash before it is sent: after a
 * restart nothing is lost, and only what was under way just then may come twice, under the same id.
 */
export class AlertService {
  readonly #parts: AlertServiceParts;
  readonly #lines: readonly TargetLine[];
  readonly #abort = new AbortController();
  #state: AlertState;
  #reached: ReadonlySet<string>;
  #queue: DeliveryQueue;
  #kept: string;
  #keeping: Promise<void> = Promise.resolve();
  #cancel: () => void = () => undefined;
  #round: Promise<void> = Promise.resolve();

  constructor(parts: AlertServiceParts) {
    this.#parts = parts;
    const kept = parseKeptAlerts(parts.store.documents.get(ALERTS_DOCUMENT));
    this.#state = initialAlerts(kept.raised);
    this.#reached = new Set(kept.reached);
    this.#queue = forTargets(
      kept.queue,
      parts.targets.map(({ id }) => id),
    );
    this.#kept = JSON.stringify(this.#document());
    this.#lines = parts.targets.map((target) => this.#lineOf(target));
  }

  /** Looks at once, and every 5 s from then on. */
  start(): void {
    this.#round = this.#runRound();
  }

  /** Breaks off what is being sent: the next start sends it. */
  async stop(): Promise<void> {
    this.#abort.abort();
    this.#cancel();
    await this.#round;
    this.#cancel();
    await Promise.all(this.#lines.map(({ idle }) => idle));
    await this.#keep();
  }

  /** What is wrong and was told, oldest first. */
  get raised(): RaisedAlert[] {
    return [...this.#state.raised.values()].toSorted((a, b) => a.sinceMs - b.sinceMs);
  }

  /** Alerts that some target has not got yet. */
  get queued(): number {
    return this.#queue.length;
  }

  get targets(): TargetReport[] {
    return this.#lines.map(({ target, failure, retryInMs }) => ({
      target,
      waiting: owedTo(this.#queue, target.id).length,
      failure,
      retryInMs,
    }));
  }

  /** Sends every target a test at once, and tells what became of each. */
  test(): Promise<TestResult[]> {
    const { targets, clock, newId } = this.#parts;
    return testTargets(targets, { clock, newId, signal: this.#abort.signal });
  }

  async #runRound(): Promise<void> {
    this.#look();
    // Nothing is sent that a restart would forget, unless flash cannot be written at all.
    await this.#keep();
    for (const line of this.#lines) line.run();
    if (this.#abort.signal.aborted) return;
    this.#cancel = this.#parts.timers.after(ROUND_MS, () => {
      this.#round = this.#runRound();
    });
  }

  #look(): void {
    const { facts, clock, remindMs } = this.#parts;
    const seen = facts.read(this.#reached);
    if (seen.clock.trusted) {
      const activated = seen.products.filter((each) => each.count >= each.threshold);
      this.#reached = new Set([...this.#reached, ...activated.map(({ id }) => id)]);
      this.#giveUp(seen.nowMs);
    }
    const now = { monotonicMs: clock.monotonicMs(), wallMs: Math.round(seen.nowMs) };
    const { state, told } = stepAlerts(this.#state, observe(seen), now, remindMs);
    this.#state = state;
    this.#enqueue(told, now.wallMs);
  }

  #enqueue(told: readonly AlertTold[], atMs: number): void {
    const { targets, newId } = this.#parts;
    const added = told.map((news) => {
      const wanting = targets.filter((each) => news.kind === "test" || each.wants(news.kind));
      return { alert: { ...news, id: newId(), atMs }, owed: wanting.map(({ id }) => id) };
    });
    const { queue, dropped } = enqueue(this.#queue, added);
    this.#queue = queue;
    this.#tellDropped(dropped, "too many others wait");
  }

  #giveUp(nowMs: number): void {
    const { queue, dropped } = giveUp(this.#queue, nowMs);
    this.#queue = queue;
    this.#tellDropped(dropped, "it could not be sent for three days");
  }

  #tellDropped(dropped: DeliveryQueue, reason: string): void {
    for (const { alert, owed } of dropped) {
      const labels = this.#parts.targets.filter(({ id }) => owed.includes(id));
      const target = labels.map(({ label }) => label).join(", ");
      this.#parts.events.record(
        "alert-dropped",
        `${target} will not be told, as ${reason}: ${alert.sentence}`,
        { target, key: alert.key, news: alert.news, id: alert.id },
      );
    }
  }

  #lineOf(target: AlertTarget): TargetLine {
    const { events, clock } = this.#parts;
    return new TargetLine({
      target,
      events,
      monotonicMs: () => clock.monotonicMs(),
      owed: () => owedTo(this.#queue, target.id),
      settled: (alerts) => this.#settle(target, alerts),
      signal: this.#abort.signal,
    });
  }

  #settle(target: AlertTarget, alerts: readonly Alert[]): void {
    this.#queue = settle(
      this.#queue,
      target.id,
      alerts.map(({ id }) => id),
    );
    void this.#keep();
  }

  #document(): Json {
    return {
      raised: [...this.#state.raised.values()],
      reached: [...this.#reached],
      queue: this.#queue,
    } as unknown as Json;
  }

  /** One write at a time; the store tells of its failure itself, and the next round tries again. */
  #keep(): Promise<void> {
    this.#keeping = this.#keeping.then(async () => {
      const value = this.#document();
      const text = JSON.stringify(value);
      if (text === this.#kept) return;
      try {
        await this.#parts.store.commit([{ op: "document", name: ALERTS_DOCUMENT, value }]);
        this.#kept = text;
      } catch {
        // Alerts must not fail because the flash does: they tell of it.
      }
    });
    return this.#keeping;
  }
}
