import TinyQueue from "tinyqueue";
import type { LicensedProduct } from "../../domain/claims.ts";
import type { ClientEffect } from "../../domain/client-state.ts";
import { DAY_MS } from "../../domain/units.ts";
import { Census } from "./census.ts";
import { seededRandom } from "./random.ts";
import { SimulatedClient } from "./simulated-client.ts";
import { SimulatedHost } from "./simulated-host.ts";
import { type Happening, STORIES, type StoryName, type StoryPlan } from "./stories.ts";
import type { SimulationObserver, Timeline } from "./timeline.ts";

export interface SimulationPlan extends StoryPlan {
  readonly story: StoryName;
  readonly days: number;
  /** The same plan with the same seed gives the same timeline. */
  readonly seed: number;
}

/** Any time will do; what happens depends on lengths of time only. */
const START_MS = Date.UTC(2026, 0, 1);

/** Plays a story in virtual time, with the real ledger, rules and client state machine. */
export function simulate(plan: SimulationPlan, observer: SimulationObserver = {}): Timeline {
  return new Simulation(plan, observer).run();
}

interface Entry {
  readonly timeMs: number;
  run(): void;
}

class Simulation {
  readonly #plan: SimulationPlan;
  readonly #observer: SimulationObserver;
  readonly #random: () => number;
  readonly #host: SimulatedHost;
  readonly #census = new Census();
  readonly #clients: SimulatedClient[] = [];
  readonly #queue = new TinyQueue<Entry>([], (a, b) => a.timeMs - b.timeMs);
  #gone = 0;

  constructor(plan: SimulationPlan, observer: SimulationObserver) {
    this.#plan = plan;
    this.#observer = observer;
    this.#random = seededRandom(plan.seed);
    this.#host = new SimulatedHost(productOf(plan), plan.policy);
  }

  run(): Timeline {
    const { story, clients, days, seed } = this.#plan;
    for (const happening of STORIES[story].happenings(this.#plan)) this.#expect(happening);
    for (let day = 1; day <= days; day++) {
      this.#runUntil(START_MS + day * DAY_MS);
      const ended = this.#census.endDay(this.#host.count);
      this.#observer.onDay?.(ended);
    }
    const { threshold } = this.#host.product;
    return { story, clients, seed, threshold, days: this.#census.days, turns: this.#census.turns };
  }

  #expect(happening: Happening): void {
    const timeMs = START_MS + happening.atMs;
    if (happening.kind === "leave") {
      this.#queue.push({ timeMs, run: () => this.#leave(happening.clients, timeMs) });
      return;
    }
    this.#queue.push({ timeMs, run: () => this.#join(happening, timeMs) });
  }

  /** Discards fall due between contacts, and come before a contact at the same time. */
  #runUntil(endMs: number): void {
    for (;;) {
      const nextMs = this.#queue.peek()?.timeMs ?? Number.POSITIVE_INFINITY;
      const discardMs = this.#host.nextDiscardMs;
      if (Math.min(nextMs, discardMs) >= endMs) return;
      if (discardMs <= nextMs) this.#discard(discardMs);
      else this.#queue.pop()?.run();
    }
  }

  #discard(nowMs: number): void {
    this.#census.add("discarded", this.#host.discardDue(nowMs));
    this.#look(nowMs);
  }

  #join({ clients, overMs }: { clients: number; overMs: number }, nowMs: number): void {
    this.#census.joined(nowMs - START_MS, this.#host.count, clients);
    for (let i = 0; i < clients; i++) {
      const timeMs = nowMs + Math.floor((overMs * i) / clients);
      this.#queue.push({ timeMs, run: () => this.#install(timeMs) });
    }
  }

  #leave(clients: number, nowMs: number): void {
    const leaving = this.#clients.slice(this.#gone, this.#gone + clients);
    this.#gone += leaving.length;
    for (const client of leaving) {
      this.#census.leave(client.statusAt(nowMs), client.retrying);
      client.switchOff();
    }
    this.#census.left(nowMs - START_MS, this.#host.count, leaving.length);
  }

  #install(nowMs: number): void {
    const client = new SimulatedClient(this.#clients.length + 1, this.#plan.policy, this.#random);
    this.#clients.push(client);
    this.#census.enter();
    this.#carryOut(client, client.install(nowMs), nowMs);
  }

  #carryOut(client: SimulatedClient, effects: readonly ClientEffect[], nowMs: number): void {
    for (const effect of effects) {
      if (effect.type === "attempt") {
        this.#attempt(client, nowMs);
      } else if (effect.type === "wake") {
        const timeMs = nowMs + effect.afterMs;
        this.#queue.push({ timeMs, run: () => this.#wake(client, timeMs) });
      } else if (effect.type === "status-changed") {
        const { from, to } = effect;
        const timeMs = nowMs - START_MS;
        this.#census.changed(from, to, timeMs, this.#host.count);
        this.#observer.onStatusChange?.({ timeMs, cmid: client.cmid, from, to });
      }
    }
  }

  #wake(client: SimulatedClient, nowMs: number): void {
    if (client.running) this.#carryOut(client, client.wake(nowMs), nowMs);
  }

  #attempt(client: SimulatedClient, nowMs: number): void {
    const request = client.request(this.#host.product.id, nowMs);
    const decision = this.#host.answer(request, nowMs);
    const { activated, count } = decision;
    const retry = client.retrying;
    const timeMs = nowMs - START_MS;
    this.#observer.onContact?.({
      timeMs,
      cmid: client.cmid,
      status: request.status,
      activated,
      count,
      retry,
    });
    this.#census.add(activated ? "activations" : "refusals", 1);
    if (retry) this.#census.add("retries", 1);
    const effects = client.receive(decision, nowMs);
    this.#census.retrying(retry, client.retrying);
    this.#carryOut(client, effects, nowMs);
    this.#look(nowMs);
  }

  #look(nowMs: number): void {
    this.#census.look(nowMs - START_MS, this.#host.count, this.#host.activating);
  }
}

function productOf(plan: SimulationPlan): LicensedProduct {
  return {
    id: "simulated-product",
    name: "Simulated product",
    application: "simulation",
    threshold: STORIES[plan.story].threshold(plan),
  };
}
