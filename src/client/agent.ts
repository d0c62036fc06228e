import { setTimeout as sleep } from "node:timers/promises";
import type { ClientEffect } from "../domain/client-state.ts";
import { KmsError } from "../domain/errors.ts";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "../domain/units.ts";
import type { AgentLog } from "./agent-log.ts";
import type { AttemptReport, ClientNotice, KmsClient } from "./client.ts";
import { formatHostAddress } from "./host-address.ts";

/** Waits, or rejects when the signal aborts. */
export type Sleep = (delayMs: number, signal: AbortSignal) => Promise<unknown>;

/** A clock may step and a lid may close meanwhile, so no wait is longer. */
const LONGEST_WAIT_MS = MINUTE_MS;
const SHORTEST_WAIT_MS = SECOND_MS;
/** A virtual machine can wake up as a clone of itself, but rarely does. */
const MACHINE_CHECK_MS = HOUR_MS;

const sleepFor: Sleep = (delayMs, signal) => sleep(delayMs, undefined, { signal });

/**
 * Keeps the products of one state folder activated: asks when the state machine says so, and tells
 * what happens. Everything it must remember is on disk, so that it may be stopped at any time.
 */
export class Agent {
  readonly #client: KmsClient;
  readonly #products: readonly string[];
  readonly #log: AgentLog;
  readonly #sleep: Sleep;
  /** What failed in the last round, by product, so that a lasting fault is told once. */
  readonly #faults = new Map<string, string>();
  #machineCheckedMs = -Infinity;

  constructor(client: KmsClient, products: readonly string[], log: AgentLog, wait = sleepFor) {
    this.#client = client;
    this.#products = products;
    this.#log = log;
    this.#sleep = wait;
  }

  /** Runs until the signal aborts. The products must be installed. */
  async run(signal: AbortSignal): Promise<void> {
    const lock = await this.#client.folder.lockAgent();
    try {
      const products = this.#products.join(", ");
      this.#log.record("agent-started", `Keeping ${products} activated.`, {
        state: this.#client.folder.path,
      });
      while (!signal.aborted) {
        const delayMs = await this.#round(signal);
        await this.#sleep(delayMs, signal).catch((error) => {
          if (!signal.aborted) throw error;
        });
      }
      await this.#saveTimes();
      this.#log.record("agent-stopped", "Stopped as asked.");
    } finally {
      await lock.release();
    }
  }

  /** Does what is due now; for who starts it again before long. The products must be installed. */
  async runOnce(signal: AbortSignal): Promise<void> {
    const lock = await this.#client.folder.lockAgent();
    try {
      await this.#round(signal);
      await this.#saveTimes();
    } finally {
      await lock.release();
    }
  }

  async #saveTimes(): Promise<void> {
    for (const product of this.#products) {
      await this.#guarded(product, () => this.#client.saveTime(product));
    }
  }

  /** @returns how long to wait until the next */
  async #round(signal: AbortSignal): Promise<number> {
    await this.#guarded("machine", () => this.#checkMachine());
    let waitMs = LONGEST_WAIT_MS;
    for (const product of this.#products) {
      await this.#guarded(product, async () => {
        waitMs = Math.min(waitMs, await this.#serve(product, signal));
      });
    }
    return Math.max(SHORTEST_WAIT_MS, waitMs);
  }

  async #checkMachine(): Promise<void> {
    const monotonicMs = this.#client.system.clock.monotonicMs();
    if (monotonicMs - this.#machineCheckedMs < MACHINE_CHECK_MS) return;
    await this.#client.checkMachine();
    this.#machineCheckedMs = monotonicMs;
  }

  /** Does what is due for a product and returns how long nothing will be. */
  async #serve(product: string, signal: AbortSignal): Promise<number> {
    const effects = await this.#client.tick(product);
    this.#tellAll(product, effects);
    if (!effects.some(({ type }) => type === "attempt")) return wakeOf(effects);
    try {
      const report = await this.#client.attempt(product, signal);
      this.#tell(report);
      return wakeOf(report.effects);
    } catch (error) {
      if (signal.aborted) return 0;
      throw error;
    }
  }

  async #guarded(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.#faults.delete(what);
    } catch (error) {
      const code = error instanceof KmsError ? error.code : "internal-error";
      const message = error instanceof Error ? error.message : String(error);
      if (this.#faults.get(what) === message) return;
      this.#faults.set(what, message);
      this.#log.record("state-failed", message, { code });
    }
  }

  #tell(report: AttemptReport): void {
    const { product, reply, host, message, effects } = report;
    const at = host ? { host: formatHostAddress(host) } : {};
    if (reply.kind === "activated") {
      const first = effects.some(({ type }) => type === "status-changed");
      this.#log.record(first ? "activated" : "renewed", message, { product, ...at });
    } else if (reply.kind === "below-threshold") {
      const { count, threshold } = reply;
      this.#log.record("count-below-threshold", message, { product, ...at, count, threshold });
    } else {
      this.#log.record("attempt-failed", message, { product, ...at, code: reply.code });
    }
    this.#tellAll(product, effects);
  }

  #tellAll(product: string, effects: readonly ClientEffect[]): void {
    for (const effect of effects) {
      if (effect.type === "status-changed") {
        const { from, to } = effect;
        this.#log.record("status-changed", `${product} is now ${to}; it was ${from}.`, {
          product,
          from,
          to,
        });
      } else if (effect.type === "clock-stepped") {
        const minutes = Math.round(effect.byMs / MINUTE_MS);
        const { direction } = effect;
        this.#log.record(
          "clock-stepped",
          `The clock went ${direction} by ${minutes} minutes${direction === "forward" ? ", or the machine slept" : ""}.`,
          { product, direction, minutes },
        );
      }
    }
  }
}

/** Tells a client's notices in an agent's log. */
export function tellNotice(log: AgentLog, notice: ClientNotice): void {
  switch (notice.kind) {
    case "rearmed":
      log.record(
        "rearmed",
        "A new identity was made: this state was made on another machine, as on a cloned disk.",
        { cmid: notice.cmid },
      );
      break;
    case "state-damaged":
      log.record("state-damaged", `${notice.path} was damaged and is begun anew.`, {
        kept: notice.kept,
      });
      break;
    case "lease-dropped":
      log.record("lease-dropped", `The stored lease does not hold: ${notice.reason}`, {
        product: notice.product,
      });
      break;
  }
}

function wakeOf(effects: readonly ClientEffect[]): number {
  const wake = effects.find(({ type }) => type === "wake");
  return wake?.type === "wake" ? wake.afterMs : 0;
}
