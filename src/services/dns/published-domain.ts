import { stepDns } from "../../domain/dns-machine.ts";
import type { DnsRegistration, DomainReport } from "../../domain/dns-registration.ts";
import type { DnsEffect, DnsEvent, DnsMachine, DnsWork, Found } from "../../domain/dns-state.ts";
import { MINUTE_MS } from "../../domain/units.ts";
import type { Clock, Timers } from "../../ports/clock.ts";
import { type DnsAccess, DnsFailedError, type DnsRegistrar } from "../../ports/dns.ts";
import type { EventLog } from "../../ports/events.ts";
import { tellDnsNews } from "./dns-news.ts";
import type { DnsRecordKeeper } from "./dns-record-keeper.ts";

/** No work of a domain takes longer: its servers are asked again later. */
const LONGEST_WORK_MS = MINUTE_MS;

export interface DomainParts {
  readonly access: DnsAccess;
  readonly registrar: DnsRegistrar;
  readonly keeper: DnsRecordKeeper;
  readonly events: EventLog;
  readonly clock: Clock;
  readonly timers: Timers;
  /** In [0, 1). */
  readonly random: () => number;
  /** Called whenever something has come to its end. */
  readonly onSettled: () => void;
}

type WorkEffect = Extract<DnsEffect, { effect: DnsWork }>;

/** Does what the machine of one domain says, one thing after the other. */
export class PublishedDomain {
  readonly #parts: DomainParts;
  #machine: DnsMachine;
  #working: Promise<void> = Promise.resolve();
  #abort = new AbortController();
  #stopped = false;

  constructor(parts: DomainParts, machine: DnsMachine) {
    this.#parts = parts;
    this.#machine = machine;
  }

  get domain(): string {
    return this.#machine.wanted.domain;
  }

  get report(): DomainReport {
    return { registration: this.#machine.wanted, ...this.#machine.report };
  }

  /** Monotonic; infinite while it is busy, or has nothing to do. */
  get dueMs(): number {
    return this.#machine.busy === null ? this.#machine.dueMs : Number.POSITIVE_INFINITY;
  }

  /** Whether nothing is being done or due at this moment. */
  get settled(): boolean {
    return this.#machine.busy === null && this.dueMs > this.#parts.clock.monotonicMs();
  }

  /** Never waits; what it begins is told of by `onSettled`. */
  handle(event: DnsEvent): void {
    void this.#step(event);
  }

  /** Resolves once everything is on flash that is to be kept. */
  async #step(event: DnsEvent): Promise<void> {
    // What was done counts also after the stop; what was broken off by it is no failure.
    if (this.#stopped && event.event !== "done" && event.event !== "writing") return;
    const { clock } = this.#parts;
    const at = { monotonicMs: clock.monotonicMs(), wallMs: clock.nowMs() };
    const { machine, effects } = stepDns(this.#machine, event, at);
    this.#machine = machine;
    const kept = Promise.all(effects.map((effect) => this.#perform(effect)));
    const work = effects.find(isWork);
    if (work) this.#working = this.#work(work, kept);
    await kept;
  }

  /** Ends what is being done; nothing begins any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#abort.abort();
    await this.#working;
  }

  /** Removes the records after `stop`, as far as the signal allows. */
  async withdrawNow(signal: AbortSignal): Promise<void> {
    const { wanted, kept } = this.#machine;
    if (kept.length === 0) return;
    try {
      for (const each of kept) await this.#parts.registrar.withdraw(each, signal);
      await this.#keep([]);
      this.#tell({ effect: "tell", news: { news: "withdrawn" }, registration: wanted });
    } catch (error) {
      const { code, message } = failureOf(error);
      const reason = `${message} The record is still there.`;
      this.#tell({ effect: "tell", news: { news: "failed", code, reason }, registration: wanted });
    }
  }

  async #perform(effect: DnsEffect): Promise<void> {
    if (effect.effect === "keep") await this.#keep(effect.kept);
    else if (effect.effect === "tell") this.#tell(effect);
  }

  #keep(registrations: readonly DnsRegistration[]): Promise<void> {
    const { keeper, access } = this.#parts;
    return keeper.keep({ domain: this.domain, access, registrations });
  }

  #tell({ news, registration }: Extract<DnsEffect, { effect: "tell" }>): void {
    tellDnsNews(news, registration, this.#parts.events);
  }

  async #work(effect: WorkEffect, before: Promise<unknown>): Promise<void> {
    const { timers, random, onSettled } = this.#parts;
    const abort = new AbortController();
    this.#abort = abort;
    const forget = timers.after(LONGEST_WORK_MS, () => abort.abort());
    const work = effect.effect;
    try {
      // What is meant must be on flash before it is out there.
      await before;
      const { registration, found } = await this.#carryOut(effect, abort.signal);
      this.handle({ event: "done", work, registration, found });
    } catch (error) {
      const { code, message: reason } = failureOf(error);
      this.handle({ event: "failed", work, code, reason, random: random() });
    } finally {
      forget();
      onSettled();
    }
  }

  async #carryOut(
    effect: WorkEffect,
    signal: AbortSignal,
  ): Promise<{ registration: DnsRegistration; found: Found }> {
    const { registrar } = this.#parts;
    if (effect.effect === "withdraw") {
      const [registration = this.#machine.wanted, ...older] = effect.registrations;
      for (const each of older) await registrar.withdraw(each, signal);
      const found = await registrar.withdraw(registration, signal);
      return { registration, found: { ...found, seenBySystem: null } };
    }
    const { registration } = effect;
    const findings =
      effect.effect === "inspect"
        ? await registrar.inspect(registration, signal)
        : await this.#publish(effect, signal);
    const seenBySystem = findings.oursPresent
      ? await registrar.seenBySystem(registration, signal)
      : null;
    return { registration, found: { ...findings, seenBySystem } };
  }

  async #publish(
    { registration, formers }: Extract<WorkEffect, { effect: "publish" }>,
    signal: AbortSignal,
  ) {
    const { registrar } = this.#parts;
    const [former = null, ...older] = formers;
    for (const each of older) await registrar.withdraw(each, signal);
    const willWrite = (addresses: readonly string[]) => this.#step({ event: "writing", addresses });
    return registrar.publish(registration, former, { signal, willWrite });
  }
}

function isWork(effect: DnsEffect): effect is WorkEffect {
  return effect.effect !== "keep" && effect.effect !== "tell";
}

function failureOf(error: unknown): Pick<DnsFailedError, "code" | "message"> {
  if (error instanceof DnsFailedError) return error;
  return { code: "update-failed", message: `Unforeseen: ${String(error)}` };
}
