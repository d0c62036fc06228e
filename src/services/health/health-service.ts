import { judgeStorage } from "../../domain/doctor/box-judgements.ts";
import type { Finding, Judgement } from "../../domain/doctor/finding.ts";
import { type Diagnosis, diagnose } from "../../domain/doctor/summary.ts";
import { type FlashWear, flashWear, TERABYTE } from "../../domain/health/flash-wear.ts";
import {
  judgeFileSystem,
  judgeLastStart,
  judgePower,
  judgeTemperature,
  judgeWear,
} from "../../domain/health/health-judgements.ts";
import { MINUTE_MS } from "../../domain/units.ts";
import type { Timers } from "../../ports/clock.ts";
import type { EventLog } from "../../ports/events.ts";
import type { MachineFacts, MachineProbe } from "../../ports/health.ts";
import type { CmidStore } from "../../ports/store.ts";
import type { HostClock } from "../host-clock.ts";
import { WearBaselineKeeper } from "./wear-baseline.ts";

/** How often the machine is looked at. */
const ROUND_MS = MINUTE_MS;

export interface HealthParts {
  readonly probe: MachineProbe;
  readonly store: CmidStore;
  readonly clock: Pick<HostClock, "read" | "monotonicMs">;
  readonly timers: Timers;
  readonly events: EventLog;
  /** Why the service was last started. */
  readonly lastStart: string;
  /** What the maker states that the card takes, in terabytes; 0 if nobody entered it. */
  readonly enduranceTerabytes: number;
}

/** How the machine is, judged and in figures. */
export interface HealthReport {
  readonly diagnosis: Diagnosis;
  readonly facts: MachineFacts;
  readonly wear: FlashWear;
}

/** Looks after the machine: its flash, its supply, its temperature. */
export class HealthService {
  readonly #parts: HealthParts;
  readonly #baseline: WearBaselineKeeper;
  #latest: MachineFacts | undefined;
  #lowAtMs: number | undefined;
  #errorsTold = 0;
  #cancel: (() => void) | undefined;
  #round: Promise<void> = Promise.resolve();

  constructor(parts: HealthParts) {
    this.#parts = parts;
    this.#baseline = new WearBaselineKeeper(parts.store);
  }

  /** Looks for the first time in the background, and every minute from then on. */
  start(): void {
    this.#round = this.#runRound();
  }

  async stop(): Promise<void> {
    this.#cancel?.();
    await this.#round;
    this.#cancel?.();
  }

  /** What was seen last; undefined before the first look. */
  get latest(): MachineFacts | undefined {
    return this.#latest;
  }

  /** @param enduranceTerabytes in place of the configured one */
  async examine(enduranceTerabytes = this.#parts.enduranceTerabytes): Promise<HealthReport> {
    const facts = await this.#look();
    const { store, clock, lastStart } = this.#parts;
    const wear = flashWear({
      sinceBootBytes: facts.storage.sinceBootBytes,
      uptimeMs: facts.uptimeMs,
      lifetimeBytes: facts.storage.lifetimeBytes,
      baseline: this.#baseline.baseline(facts.storage),
      nowMs: clock.read().nowMs,
      enduranceBytes: enduranceTerabytes > 0 ? enduranceTerabytes * TERABYTE : null,
    });
    const { condition } = store;
    const failure = condition.state === "failed" ? condition.reason : null;
    const { errors, readOnly } = facts.storage;
    const agoMs = this.#lowAtMs === undefined ? null : clock.monotonicMs() - this.#lowAtMs;
    const diagnosis = diagnose([
      finding("storage", "State", judgeStorage(failure, facts.freeBytes)),
      finding("file-system", "File system", judgeFileSystem(errors, readOnly)),
      finding("wear", "Flash", judgeWear(wear)),
      finding("power", "Power supply", judgePower(facts.lowVoltage, agoMs)),
      finding("temperature", "Temperature", judgeTemperature(facts.temperatureCelsius)),
      finding("last-start", "Last start", judgeLastStart(lastStart)),
    ]);
    return { diagnosis, facts, wear };
  }

  async #runRound(): Promise<void> {
    this.#cancel = this.#parts.timers.after(ROUND_MS, () => {
      this.#round = this.#runRound();
    });
    const { storage } = await this.#look();
    const time = this.#parts.clock.read();
    // A wrong time would make a wrong pace for good.
    if (time.trusted) await this.#baseline.keep(storage, time.nowMs);
  }

  async #look(): Promise<MachineFacts> {
    const before = this.#latest?.lowVoltage ?? false;
    const facts = await this.#parts.probe.look();
    this.#latest = facts;
    if (facts.lowVoltage) {
      this.#lowAtMs = this.#parts.clock.monotonicMs();
      if (!before) this.#tellLowVoltage();
    }
    this.#tellErrors(facts.storage.errors ?? 0);
    return facts;
  }

  #tellLowVoltage(): void {
    const message =
      "The supply voltage is too low. Use a better power supply and a short, thick cable.";
    this.#parts.events.record("voltage-low", message);
  }

  #tellErrors(errors: number): void {
    if (errors <= this.#errorsTold) return;
    this.#errorsTold = errors;
    const message = `The file system of the state folder has found ${errors} errors.`;
    this.#parts.events.record("file-system-errors", message, { errors });
  }
}

function finding(id: string, title: string, judgement: Judgement): Finding {
  return { id, title, ...judgement };
}
