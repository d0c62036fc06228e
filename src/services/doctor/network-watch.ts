import type { Finding } from "../../domain/doctor/finding.ts";
import { type Check, runChecks } from "../../domain/doctor/run-checks.ts";
import { MINUTE_MS, SECOND_MS } from "../../domain/units.ts";
import type { PanelFault } from "../../panel/facts.ts";
import type { Timers } from "../../ports/clock.ts";
import type { EventLog } from "../../ports/events.ts";
import { networkFaults } from "./network-faults.ts";
import { NetworkNews } from "./network-news.ts";

/** What is well seldom breaks, and what is wrong should leave the panel soon after it is mended. */
const EVERY_MS = { well: 10 * MINUTE_MS, wrong: MINUTE_MS };
/** After the start: DHCP may still be at work. */
const FIRST_MS = 30 * SECOND_MS;
const AT_MOST_MS = 10 * SECOND_MS;

export interface NetworkWatchParts {
  /** From the cable to the name server, and nothing that costs more. */
  readonly checks: () => readonly Check[];
  readonly events: EventLog;
  readonly timers: Timers;
  /** Told when the faults are others than before. */
  readonly changed: () => void;
}

/** Looks at the network every now and then, for the panel and the event log. */
export class NetworkWatch {
  readonly #parts: NetworkWatchParts;
  readonly #news: NetworkNews;
  #faults: readonly PanelFault[] = [];
  #cancel: () => void = () => undefined;
  #stopped = false;

  constructor(parts: NetworkWatchParts) {
    this.#parts = parts;
    this.#news = new NetworkNews(parts.events);
  }

  /** What was wrong when it was looked at last; a link that is down is told elsewhere. */
  get faults(): readonly PanelFault[] {
    return this.#faults;
  }

  start(): void {
    this.#after(FIRST_MS);
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  #after(ms: number): void {
    if (this.#stopped) return;
    this.#cancel = this.#parts.timers.after(ms, () => void this.#look());
  }

  async #look(): Promise<void> {
    const findings = await this.#run();
    if (this.#stopped) return;
    this.#news.tell(findings);
    const faults = networkFaults(findings);
    const isOther = JSON.stringify(faults) !== JSON.stringify(this.#faults);
    this.#faults = faults;
    if (isOther) this.#parts.changed();
    this.#after(faults.length === 0 ? EVERY_MS.well : EVERY_MS.wrong);
  }

  async #run(): Promise<readonly Finding[]> {
    const { timers, checks } = this.#parts;
    let cancel = () => {};
    const deadline = new Promise<void>((resolve) => {
      cancel = timers.after(AT_MOST_MS, resolve);
    });
    const findings = await runChecks(checks(), { deadline });
    cancel();
    return findings;
  }
}
