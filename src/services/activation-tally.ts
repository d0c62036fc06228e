import { DurationTally } from "../domain/duration-tally.ts";
import type { ProblemName } from "../protocol/problems.ts";

/** Products told apart; what a licence names beyond them counts as one. */
const MOST_PRODUCTS = 200;
/** In the place of a product that no licence names: anybody can make up any number of those. */
export const OTHER_PRODUCT = "other";

/** From a signature check's millisecond on a PC to a Raspberry Pi whose card is busy. */
const ANSWER_BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
/** A group commit waits up to 10 ms; a worn card takes seconds. */
const COMMIT_BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

export interface Refusals {
  readonly reason: ProblemName;
  readonly product: string;
  readonly count: number;
}

/** Counts what became of activation requests since the start of the service. */
export class ActivationTally {
  /** From a request being read to its answer or refusal. */
  readonly answers = new DurationTally(ANSWER_BOUNDS);
  /** From a record's change to its being on flash. */
  readonly commits = new DurationTally(COMMIT_BOUNDS);
  readonly #activations = new Map<string, number>();
  readonly #refusals = new Map<ProblemName, Map<string, number>>();
  readonly #products = new Set<string>();

  activated(product: string): void {
    increase(this.#activations, this.#label(product));
  }

  /** @param product one that a licence names; left out where none does, or it is not known */
  refused(reason: ProblemName, product?: string): void {
    let counts = this.#refusals.get(reason);
    if (!counts) {
      counts = new Map();
      this.#refusals.set(reason, counts);
    }
    increase(counts, product === undefined ? OTHER_PRODUCT : this.#label(product));
  }

  get activations(): ReadonlyMap<string, number> {
    return this.#activations;
  }

  *refusals(): Generator<Refusals> {
    for (const [reason, counts] of this.#refusals) {
      for (const [product, count] of counts) yield { reason, product, count };
    }
  }

  #label(product: string): string {
    if (this.#products.has(product)) return product;
    if (this.#products.size >= MOST_PRODUCTS) return OTHER_PRODUCT;
    this.#products.add(product);
    return product;
  }
}

function increase(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
