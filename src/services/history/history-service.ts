import { CountHistory, type HistoryPart } from "../../domain/history/history.ts";
import type { Range } from "../../domain/history/tiers.ts";
import { HOUR_MS, MINUTE_MS } from "../../domain/units.ts";
import type { Timers } from "../../ports/clock.ts";
import type { EventLog } from "../../ports/events.ts";
import type { HistoryStore } from "../../ports/history.ts";
import type { HostAnswer } from "../../protocol/api.ts";
import { encodeHistory, parseHistory } from "../../protocol/history-file.ts";
import type { HostClock } from "../host-clock.ts";
import type { HostReport } from "../host-report.ts";

const SAMPLE_MS = MINUTE_MS;
/** How often it is written: eight times a day, and when the service stops. */
export const KEEP_MS = 3 * HOUR_MS;

export interface HistoryParts {
  readonly store: HistoryStore;
  readonly clock: Pick<HostClock, "read" | "monotonicMs">;
  readonly report: Pick<HostReport, "host" | "health">;
  readonly timers: Timers;
  readonly events: EventLog;
}

/** How one application's count went, and what its products need. */
export interface ApplicationSeries {
  readonly application: string;
  readonly products: readonly { readonly name: string; readonly threshold: number }[];
  readonly parts: readonly HistoryPart[];
}

export interface HistoryReading {
  readonly range: Range;
  readonly nowMs: number;
  readonly applications: readonly ApplicationSeries[];
}

/** Looks at the counts every minute, and keeps how they went. */
export class HistoryService {
  readonly #parts: HistoryParts;
  readonly #history = new CountHistory();
  #cancel: (() => void) | undefined;
  #keptAtMs = 0;
  #keeping: Promise<void> = Promise.resolve();
  #changed = false;
  #failed = false;

  constructor(parts: HistoryParts) {
    this.#parts = parts;
  }

  /** Reads what is kept; what cannot be read is told, and begun anew. */
  async start(): Promise<void> {
    this.#keptAtMs = this.#parts.clock.monotonicMs();
    await this.#load();
    this.#round();
  }

  /** Looks at the counts now, for what comes and goes within a minute. */
  look(): void {
    const { clock, report } = this.#parts;
    const { trusted, nowMs } = clock.read();
    // While nobody knows what time it is, there is nothing to tell of it.
    if (!trusted) return;
    const { healthy } = report.health();
    for (const [application, products] of byApplication(report.host().products)) {
      const activating = healthy && products.every((product) => product.activating);
      this.#history.add(application, { count: products[0]?.count ?? 0, activating }, nowMs);
    }
    this.#history.trim(nowMs);
    this.#changed = true;
  }

  async stop(): Promise<void> {
    this.#cancel?.();
    await this.#keeping;
    await this.#keep();
  }

  /** Of the applications that are licensed now. */
  read(range: Range): HistoryReading {
    const { nowMs } = this.#parts.clock.read();
    const applications = [...byApplication(this.#parts.report.host().products)];
    return {
      range,
      nowMs,
      applications: applications.map(([application, products]) => ({
        application,
        products: products.map(({ name, threshold }) => ({ name, threshold })),
        parts: this.#history.read(application, range, nowMs),
      })),
    };
  }

  #round(): void {
    this.#cancel = this.#parts.timers.after(SAMPLE_MS, () => this.#round());
    this.look();
    const nowMs = this.#parts.clock.monotonicMs();
    if (nowMs - this.#keptAtMs < KEEP_MS) return;
    this.#keptAtMs = nowMs;
    this.#keeping = this.#keep();
  }

  async #load(): Promise<void> {
    try {
      const text = await this.#parts.store.load();
      if (text === undefined) return;
      const packed = parseHistory(text);
      if (packed) this.#history.unpack(packed);
      else this.#tell("it is damaged, and begun anew");
    } catch (error) {
      this.#tell((error as Error).message);
    }
  }

  async #keep(): Promise<void> {
    if (!this.#changed) return;
    this.#changed = false;
    try {
      await this.#parts.store.save(encodeHistory(this.#history.pack()));
      this.#failed = false;
    } catch (error) {
      this.#changed = true;
      if (!this.#failed) this.#tell((error as Error).message);
      this.#failed = true;
    }
  }

  #tell(reason: string): void {
    const message = `The history of the counts is not kept: ${reason}. Activation goes on.`;
    this.#parts.events.record("history-failed", message, { reason });
  }
}

type Product = HostAnswer["products"][number];

/** The applications in order of their names. */
function byApplication(products: readonly Product[]): Map<string, Product[]> {
  const found = new Map<string, Product[]>();
  const ordered = products.toSorted((a, b) => (a.application < b.application ? -1 : 1));
  for (const product of ordered) {
    found.set(product.application, [...(found.get(product.application) ?? []), product]);
  }
  return found;
}
