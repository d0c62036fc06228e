import { LICENCE_STATUSES, type LicenceStatus } from "../../domain/status.ts";
import { DAY_MS } from "../../domain/units.ts";
import type { Day, Turn, TurnKind } from "./timeline.ts";

type Sums = "activations" | "refusals" | "retries" | "discarded";

/** Keeps count of the network while the simulation runs, and notices the turns of the story. */
export class Census {
  readonly days: Day[] = [];
  readonly turns: Turn[] = [];
  #sums = noSums();
  readonly #clients = noClients();
  #running = 0;
  #retrying = 0;
  #activating = false;
  #everActivated = false;
  /** What the network was last seen to be as a whole; a turn is noted when this changes. */
  #mood: TurnKind | undefined;

  add(sum: Sums, amount: number): void {
    this.#sums[sum] += amount;
  }

  joined(timeMs: number, count: number, clients: number): void {
    this.#turn("clients-joined", timeMs, count, clients);
  }

  left(timeMs: number, count: number, clients: number): void {
    this.#turn("clients-left", timeMs, count, clients);
  }

  /** A client was installed, in the first licence state. */
  enter(): void {
    this.#running++;
    this.#clients.unlicensed++;
  }

  /** A client was switched off. */
  leave(status: LicenceStatus, retrying: boolean): void {
    this.#running--;
    this.#clients[status]--;
    if (retrying) this.#retrying--;
  }

  retrying(before: boolean, after: boolean): void {
    this.#retrying += Number(after) - Number(before);
  }

  changed(from: LicenceStatus, to: LicenceStatus, timeMs: number, count: number): void {
    this.#clients[from]--;
    const reached = ++this.#clients[to];
    const turns = STATUS_TURNS[to];
    if (turns === undefined) return;
    if (reached === 1) this.#turn(turns.first, timeMs, count, reached);
    if (reached === this.#running) this.#turn(turns.all, timeMs, count, reached);
  }

  /** Looks whether the count crossed the threshold and whether all clients now do the same. */
  look(timeMs: number, count: number, activating: boolean): void {
    if (activating !== this.#activating) {
      this.#activating = activating;
      this.#everActivated = true;
      this.#turn(activating ? "threshold-reached" : "threshold-lost", timeMs, count, this.#running);
    }
    const mood = this.#moodNow();
    if (mood === undefined || mood === this.#mood) return;
    this.#mood = mood;
    this.#turn(mood, timeMs, count, this.#running);
  }

  endDay(count: number): Day {
    const day: Day = {
      day: this.days.length + 1,
      count,
      ...this.#sums,
      clients: { ...this.#clients },
      retrying: this.#retrying,
    };
    this.days.push(day);
    this.#sums = noSums();
    return day;
  }

  #moodNow(): "all-retrying" | "all-renewing" | undefined {
    // That all of a new network retry is how it begins, not a turn.
    if (this.#running === 0 || !this.#everActivated) return undefined;
    if (this.#retrying === this.#running) return "all-retrying";
    return this.#retrying === 0 && this.#clients.licensed === this.#running
      ? "all-renewing"
      : undefined;
  }

  #turn(kind: TurnKind, timeMs: number, count: number, clients: number): void {
    this.turns.push({ kind, day: Math.floor(timeMs / DAY_MS) + 1, timeMs, count, clients });
  }
}

const STATUS_TURNS: { readonly [K in LicenceStatus]?: { first: TurnKind; all: TurnKind } } = {
  "out-of-tolerance-grace": { first: "first-out-of-tolerance", all: "all-out-of-tolerance" },
  notification: { first: "first-notification", all: "all-notification" },
};

function noSums(): Record<Sums, number> {
  return { activations: 0, refusals: 0, retries: 0, discarded: 0 };
}

function noClients(): Record<LicenceStatus, number> {
  const none = LICENCE_STATUSES.map((status): [LicenceStatus, number] => [status, 0]);
  return Object.fromEntries(none) as Record<LicenceStatus, number>;
}
