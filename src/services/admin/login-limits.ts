import { RateLimit } from "../../domain/rate-limit.ts";
import { clientNetwork } from "../../domain/source-address.ts";
import { MINUTE_MS, SECOND_MS } from "../../domain/units.ts";

/** Wrong passwords after which a network waits, twice as long after each further one. */
const FREE_TRIES = 4;
const FIRST_WAIT_MS = 2 * SECOND_MS;
const LONGEST_WAIT_MS = 5 * MINUTE_MS;
/** After so long without a try all is forgiven. */
const FORGIVEN_MS = 15 * MINUTE_MS;
/** Tries of all the networks together from which nobody has logged in yet. */
const STRANGERS_PER_MINUTE = 20;
const STRANGERS_BURST = 20;
/** Networks and addresses remembered; the one longest unheard of is forgotten first. */
const MOST_NETWORKS = 4096;
const MOST_FAMILIAR = 64;

interface Tries {
  readonly failed: number;
  readonly lastMs: number;
  readonly freeMs: number;
}

/**
 * How often passwords may be tried. Times are monotonic; a network is an IPv4 address or the /64 of an
 * IPv6 address.
 *
 * Whoever guesses must not be able to keep the administrator out, so that nothing here counts for the
 * whole box alone: a network that guessed waits by itself, from 2 s to 5 min, and what limits all of
 * them together limits only strangers. An address from which somebody has logged in since the start is
 * no stranger's, and counts by itself: a whole office may be one /64, with whoever guesses in it. An
 * administrator at a new address may meet these limits while others guess; a code from the box's
 * button, and `kms-box admin password` on the box, are not limited by any of this.
 */
export class LoginLimits {
  readonly #tries = new Map<string, Tries>();
  readonly #familiar = new Set<string>();
  readonly #strangers = new RateLimit(STRANGERS_PER_MINUTE, STRANGERS_BURST, 1);

  /**
   * Counts a try as failed until `succeeded` says otherwise, so that tries at the same time count.
   *
   * @returns 0 if it may be made, else how long to wait
   */
  take(source: string, nowMs: number): { readonly waitMs: number; readonly failed: number } {
    const isFamiliar = this.#familiar.has(source);
    const network = this.#keyOf(source);
    const known = this.#tries.get(network);
    const tries = known && nowMs - known.lastMs < FORGIVEN_MS ? known : undefined;
    const failed = tries?.failed ?? 0;
    if (tries && tries.freeMs > nowMs) return { waitMs: tries.freeMs - nowMs, failed };
    if (!isFamiliar) {
      const waitMs = this.#strangers.take("", nowMs);
      if (waitMs > 0) return { waitMs, failed };
    }
    this.#remember(network, {
      failed: failed + 1,
      lastMs: nowMs,
      freeMs: nowMs + waitOf(failed + 1),
    });
    return { waitMs: 0, failed: failed + 1 };
  }

  /** The last try taken from there was right. */
  succeeded(source: string): void {
    this.#tries.delete(this.#keyOf(source));
    this.#familiar.delete(source);
    const [oldest] = this.#familiar;
    if (this.#familiar.size >= MOST_FAMILIAR && oldest !== undefined) this.#familiar.delete(oldest);
    this.#familiar.add(source);
  }

  #keyOf(source: string): string {
    return this.#familiar.has(source) ? source : clientNetwork(source);
  }

  #remember(network: string, tries: Tries): void {
    this.#tries.delete(network);
    const [oldest] = this.#tries.keys();
    if (this.#tries.size >= MOST_NETWORKS && oldest !== undefined) this.#tries.delete(oldest);
    this.#tries.set(network, tries);
  }
}

/** How long a network waits after so many wrong tries. */
function waitOf(failed: number): number {
  if (failed < FREE_TRIES) return 0;
  return Math.min(FIRST_WAIT_MS * 2 ** (failed - FREE_TRIES), LONGEST_WAIT_MS);
}

/** Whether a network waits for the first time. */
export function isLockedOut(failed: number): boolean {
  return failed === FREE_TRIES;
}
