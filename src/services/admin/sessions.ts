import { sameBytes } from "../../domain/same-bytes.ts";
import { HOUR_MS, MINUTE_MS } from "../../domain/units.ts";
import type { Clock } from "../../ports/clock.ts";
import type { RandomBytes, Sha256 } from "../../ports/keys.ts";
import { encodeBase64url } from "../../protocol/base64url.ts";

const SECRET_BYTES = 32;
/** base64url of that. */
const SECRET_LENGTH = 43;
/** Of one administrator's browsers; the one longest unused makes room. */
const MOST_SESSIONS = 16;
export const SESSION_IDLE_MS = 30 * MINUTE_MS;
export const SESSION_LONGEST_MS = 12 * HOUR_MS;

export interface SessionParts {
  readonly clock: Pick<Clock, "monotonicMs">;
  readonly randomBytes: RandomBytes;
  readonly sha256: Sha256;
}

/** Somebody who logged in. Times are monotonic. */
export interface Session {
  /** What unsafe requests must bring besides the cookie, which browsers add to any request. */
  readonly csrfToken: string;
  readonly startedMs: number;
  readonly usedMs: number;
}

/**
 * Who is logged in, in memory: a restart logs everybody out. Of a session's id only a digest is kept,
 * by which it is also found, so that how long that takes says nothing of the id.
 */
export class Sessions {
  readonly #parts: SessionParts;
  /** The one longest unused first. */
  readonly #kept = new Map<string, Session>();

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#kept.size;
  }

  /** @returns the id, which is told nobody else */
  begin(): { readonly id: string; readonly session: Session } {
    const { clock } = this.#parts;
    const [oldest] = this.#kept.keys();
    if (this.#kept.size >= MOST_SESSIONS && oldest !== undefined) this.#kept.delete(oldest);
    const nowMs = clock.monotonicMs();
    const session = { csrfToken: this.#secret(), startedMs: nowMs, usedMs: nowMs };
    const id = this.#secret();
    this.#kept.set(this.#keyOf(id), session);
    return { id, session };
  }

  /** The session of that id, which is used by that; undefined if there is none, or it has ended. */
  use(id: string): Session | undefined {
    if (id.length !== SECRET_LENGTH) return undefined;
    const key = this.#keyOf(id);
    const session = this.#kept.get(key);
    if (!session) return undefined;
    const nowMs = this.#parts.clock.monotonicMs();
    this.#kept.delete(key);
    const { startedMs, usedMs } = session;
    if (nowMs - usedMs >= SESSION_IDLE_MS || nowMs - startedMs >= SESSION_LONGEST_MS) {
      return undefined;
    }
    const used = { ...session, usedMs: nowMs };
    this.#kept.set(key, used);
    return used;
  }

  end(id: string): void {
    this.#kept.delete(this.#keyOf(id));
  }

  /** Ends all, or all but one. */
  endAll(but?: string): void {
    const key = but === undefined ? undefined : this.#keyOf(but);
    for (const each of this.#kept.keys()) if (each !== key) this.#kept.delete(each);
  }

  #secret(): string {
    return encodeBase64url(this.#parts.randomBytes(SECRET_BYTES));
  }

  #keyOf(id: string): string {
    return encodeBase64url(this.#parts.sha256(new TextEncoder().encode(id)));
  }
}

/** Whether a request brought the session's token; takes as long wherever it differs. */
export function bringsToken({ csrfToken }: Pick<Session, "csrfToken">, brought: string): boolean {
  const encoder = new TextEncoder();
  return sameBytes(encoder.encode(csrfToken), encoder.encode(brought));
}
