import { sameBytes } from "../domain/same-bytes.ts";
import { MINUTE_MS } from "../domain/units.ts";
import { adminCodeFrom, formatAdminCode, readAdminCode } from "../panel/admin-code.ts";
import type { Clock } from "../ports/clock.ts";
import type { EventLog } from "../ports/events.ts";
import type { RandomBytes, Sha256 } from "../ports/keys.ts";

const VALID_MINUTES = 5;
/** Wrong tries after which a code is void. */
const MOST_TRIES = 5;
const SALT_BYTES = 16;
/** Twice as many as a code has characters; one in sixteen is passed over. */
const DRAWN_BYTES = 16;

export interface AdminCodeParts {
  readonly clock: Pick<Clock, "monotonicMs">;
  readonly log: EventLog;
  readonly randomBytes: RandomBytes;
  readonly sha256: Sha256;
}

/** A code as the panel shows it; `expiresMs` is monotonic. */
export interface IssuedCode {
  readonly code: string;
  readonly expiresMs: number;
}

/**
 * `none`: there is no code, or it was used, has expired or is void after too many wrong tries: a new
 * one has to be shown. `malformed`: no code looks like that, which costs no try.
 */
export type Redemption = "accepted" | "wrong" | "malformed" | "none";

interface KeptCode {
  readonly salt: Uint8Array;
  readonly digest: Uint8Array;
  readonly expiresMs: number;
  triesLeft: number;
}

/**
 * One-time administrator codes: who can read one stands before the box. One is valid at a time, for
 * five minutes and one use. Of the code itself only the panel knows; here a salted digest is kept.
 */
export class AdminCodes {
  readonly #parts: AdminCodeParts;
  #kept: KeptCode | undefined;
  #issued = 0;
  #whenGone: () => void = () => undefined;

  constructor(parts: AdminCodeParts) {
    this.#parts = parts;
  }

  /** How many there have been: whoever counts tries begins anew with each. */
  get issued(): number {
    return this.#issued;
  }

  /** Called when a code was used, or is void after too many wrong tries. */
  onGone(listener: () => void): void {
    this.#whenGone = listener;
  }

  /** Makes a code, in place of the one before. */
  issue(): IssuedCode {
    this.#issued++;
    const { clock, log, randomBytes } = this.#parts;
    const code = this.#draw();
    const salt = randomBytes(SALT_BYTES);
    const expiresMs = clock.monotonicMs() + VALID_MINUTES * MINUTE_MS;
    this.#kept = { salt, digest: this.#digest(salt, code), expiresMs, triesLeft: MOST_TRIES };
    log.record("admin-code-shown", "A one-time administrator code is shown on the front panel.", {
      validMinutes: VALID_MINUTES,
    });
    return { code: formatAdminCode(code), expiresMs };
  }

  /** Uses the code up if it is the right one. */
  redeem(typed: string): Redemption {
    const kept = this.#valid();
    if (!kept) return "none";
    const code = readAdminCode(typed);
    if (code === undefined) return "malformed";
    const right = sameBytes(this.#digest(kept.salt, code), kept.digest);
    kept.triesLeft--;
    if (right || kept.triesLeft === 0) {
      this.#kept = undefined;
      this.#whenGone();
    }
    return right ? "accepted" : "wrong";
  }

  #valid(): KeptCode | undefined {
    if (this.#kept && this.#parts.clock.monotonicMs() >= this.#kept.expiresMs) {
      this.#kept = undefined;
    }
    return this.#kept;
  }

  #draw(): string {
    for (;;) {
      const code = adminCodeFrom(this.#parts.randomBytes(DRAWN_BYTES));
      if (code !== undefined) return code;
    }
  }

  #digest(salt: Uint8Array, code: string): Uint8Array {
    return this.#parts.sha256(new Uint8Array([...salt, ...new TextEncoder().encode(code)]));
  }
}
