import { FIRST_GENERATION, GENERATION_DOCUMENT, generationOf } from "../domain/generation.ts";
import type { EventLog } from "../ports/events.ts";
import type { Signer, Verifier } from "../ports/keys.ts";
import type { CmidStore } from "../ports/store.ts";
import { openLease } from "../protocol/lease.ts";
import { MalformedTokenError } from "../protocol/malformed-token.ts";

/** Name of the document that says that another box has taken this one's place. */
export const REPLACED_DOCUMENT = "replaced";

/** What a person reads wherever a replaced box says that it is one. */
export const REPLACED =
  "This box was replaced by one restored from its backup, which has the same key. Switch this one off.";

export interface GenerationParts {
  readonly store: CmidStore;
  readonly signer: Signer;
  readonly verifier: Verifier;
  readonly events: EventLog;
}

/**
 * Which of several boxes with one key this is: a box restored from a backup has a higher generation
 * than the one it replaces. That one learns it by a lease of its successor, which a client shows it
 * and which bears the signature of their common key, so that nobody else can make it up.
 */
export class Generation {
  readonly #parts: GenerationParts;
  #successor: number | undefined;

  constructor(parts: GenerationParts) {
    this.#parts = parts;
    const successor = generationOf(parts.store.documents.get(REPLACED_DOCUMENT));
    if (successor > this.current) this.#successor = successor;
  }

  /** Of this box. */
  get current(): number {
    return generationOf(this.#parts.store.documents.get(GENERATION_DOCUMENT));
  }

  /** Whether another box has taken this one's place, so that this one must not issue any more. */
  get isReplaced(): boolean {
    return this.#successor !== undefined;
  }

  /**
   * Looks at the lease that a client shows; believes it only if it proves what it tells.
   *
   * @returns whether this box is replaced
   */
  async heed(lease: string): Promise<boolean> {
    if (this.isReplaced) return true;
    const { signer, verifier } = this.#parts;
    try {
      const opened = openLease(lease);
      const { iss, generation = FIRST_GENERATION } = opened.lease;
      if (iss !== signer.thumbprint || generation <= this.current) return false;
      if (!(await verifier.verify(signer.publicJwk, opened.signed, opened.signature))) return false;
      await this.#giveWay(generation);
      return true;
    } catch (error) {
      if (error instanceof MalformedTokenError) return false;
      throw error;
    }
  }

  async #giveWay(generation: number): Promise<void> {
    if (this.#successor !== undefined) return;
    this.#successor = generation;
    const { store, events } = this.#parts;
    events.record("host-replaced", REPLACED, { generation: this.current, successor: generation });
    const value = { generation };
    try {
      await store.commit([{ op: "document", name: REPLACED_DOCUMENT, value }]);
    } catch {
      // Until its next start it knows all the same, and then the next client tells it again.
    }
  }
}
