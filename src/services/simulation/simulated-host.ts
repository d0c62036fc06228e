import { type Decision, decide, dueForDiscard } from "../../domain/activation.ts";
import type { LicensedProduct, RequestClaims } from "../../domain/claims.ts";
import { ActivationLedger } from "../../domain/ledger.ts";
import type { Policy } from "../../domain/policy.ts";

const DISCARD_STEP = 256;

/** The host without network, flash and signatures: the real ledger and the real rules. */
export class SimulatedHost {
  readonly ledger = new ActivationLedger();
  readonly product: LicensedProduct;
  readonly #policy: Policy;

  constructor(product: LicensedProduct, policy: Policy) {
    this.product = product;
    this.#policy = policy;
  }

  get count(): number {
    return this.ledger.count(this.product.application);
  }

  get activating(): boolean {
    return this.count >= this.product.threshold;
  }

  /** When the next record falls due to be discarded, if it is not renewed. */
  get nextDiscardMs(): number {
    return (this.ledger.oldestContactMs ?? Number.POSITIVE_INFINITY) + this.#policy.cmidRetentionMs;
  }

  /** Returns how many records were discarded. */
  discardDue(nowMs: number): number {
    const due = dueForDiscard(this.ledger, this.#policy, nowMs, DISCARD_STEP);
    for (const { cmid, product } of due) this.ledger.discard(cmid, product);
    this.ledger.settle(this.ledger.mark());
    return due.length;
  }

  answer(request: RequestClaims, nowMs: number): Decision {
    const decision = decide(this.ledger, this.#policy, this.product, request, nowMs);
    this.ledger.put(decision.record);
    this.ledger.settle(this.ledger.mark());
    return decision;
  }
}
