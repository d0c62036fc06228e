import { createHash } from "node:crypto";
import { existsSync, mkdtempSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { MINUTE_MS } from "../../domain/units.ts";
import type { Clock } from "../../ports/clock.ts";
import { DnsFailedError } from "../../ports/dns.ts";
import { KerberosPrograms, type RunProgram } from "./kerberos-programs.ts";
import { requireReadable, usualPrincipal } from "./keytab.ts";
import type { TicketSource } from "./ticket-source.ts";

/** A wall clock that was set by more than this since makes tickets look expired, or too new. */
const MOST_STEP_MS = MINUTE_MS;

export interface KerberosTicketsOptions {
  readonly clock: Clock;
  /** Below it the folder for the tickets is made; the system's temporary folder if left out. */
  readonly parent?: string;
  readonly run?: RunProgram;
  /** Asked of the KDC; its own choice if left out. */
  readonly lifeSeconds?: number;
}

interface Ticket {
  readonly path: string;
  readonly renewMonotonicMs: number;
  /** Wall minus monotonic time: how far the wall clock was set since is seen by it. */
  readonly offsetMs: number;
}

/**
 * Tickets from keytabs by MIT Kerberos' `kinit`, for GSS-TSIG (RFC 3645), in caches of its own that
 * only this user may read; the user's default cache is never touched. A ticket is renewed at half of
 * its life, when the wall clock was set, or when a server refused it.
 */
export class KerberosTickets implements TicketSource {
  readonly #clock: Clock;
  readonly #parent: string;
  readonly #programs: KerberosPrograms;
  readonly #lifeSeconds: number | undefined;
  readonly #tickets = new Map<string, Ticket>();
  readonly #underWay = new Map<string, Promise<Ticket>>();
  #folder: string | undefined;

  constructor(options: KerberosTicketsOptions) {
    this.#clock = options.clock;
    this.#parent = options.parent ?? tmpdir();
    this.#programs = new KerberosPrograms(options.run);
    this.#lifeSeconds = options.lifeSeconds;
  }

  /**
   * The value for `KRB5CCNAME`, within about 15 s. Calls that come together share one ticket: the
   * signal ends one caller's waiting, and the ticket comes for the others and the next call.
   *
   * @param principal the keytab's first that is no service, if left out
   * @throws {DnsFailedError} `not-installed`, `key-unusable` or `no-ticket`
   */
  async cacheFor(keytab: string, principal?: string, signal?: AbortSignal): Promise<string> {
    if (signal?.aborted) throw interrupted();
    const key = keyOf(keytab, principal);
    const kept = this.#tickets.get(key);
    if (kept && this.#isGood(kept)) return cacheName(kept.path);
    let underWay = this.#underWay.get(key);
    if (!underWay) {
      underWay = this.#obtain(key, resolve(keytab), principal).finally(() =>
        this.#underWay.delete(key),
      );
      this.#underWay.set(key, underWay);
    }
    return cacheName((await orInterrupted(underWay, signal)).path);
  }

  discard(keytab: string, principal?: string): void {
    this.#tickets.delete(keyOf(keytab, principal));
  }

  /** Removes the tickets, at once also while a KDC does not answer. */
  async close(): Promise<void> {
    this.#programs.stop();
    await Promise.allSettled(this.#underWay.values());
    const folder = this.#folder;
    this.#folder = undefined;
    this.#tickets.clear();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }

  async #obtain(key: string, keytab: string, wanted: string | undefined): Promise<Ticket> {
    await requireReadable(keytab);
    const principal = wanted ?? usualPrincipal(await this.#programs.principals(keytab), keytab);
    const path = this.#pathOf(key);
    const { monotonicMs, offsetMs } = this.#now();
    // A program that reads the former cache meanwhile must find either it or the new one, whole.
    const fresh = `${path}.new`;
    await this.#programs.obtain({ keytab, principal }, cacheName(fresh), this.#lifeSeconds);
    const lifeMs = (await this.#programs.lifeMs(cacheName(fresh), keytab)) ?? 0;
    await rename(fresh, path);
    const ticket = { path, renewMonotonicMs: monotonicMs + lifeMs / 2, offsetMs };
    this.#tickets.set(key, ticket);
    return ticket;
  }

  /** Those who clean temporary folders remove what was not used for days. */
  #pathOf(key: string): string {
    if (this.#folder === undefined || !existsSync(this.#folder)) {
      this.#folder = makeFolder(this.#parent);
    }
    return join(this.#folder, createHash("sha256").update(key).digest("hex").slice(0, 16));
  }

  #isGood({ path, renewMonotonicMs, offsetMs }: Ticket): boolean {
    const now = this.#now();
    const stepped = Math.abs(now.offsetMs - offsetMs) > MOST_STEP_MS;
    return !stepped && now.monotonicMs < renewMonotonicMs && existsSync(path);
  }

  #now() {
    const monotonicMs = this.#clock.monotonicMs();
    return { monotonicMs, offsetMs: this.#clock.nowMs() - monotonicMs };
  }
}

/** The outcome, or a failure as soon as the signal aborts. */
async function orInterrupted<T>(outcome: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return outcome;
  let end = () => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    end = () => reject(interrupted());
    signal.addEventListener("abort", end, { once: true });
  });
  try {
    return await Promise.race([outcome, aborted]);
  } finally {
    signal.removeEventListener("abort", end);
  }
}

function interrupted(): DnsFailedError {
  return new DnsFailedError(
    "no-ticket",
    "No Kerberos ticket came in time: check the domain controller, and the way to it.",
  );
}

function makeFolder(parent: string): string {
  try {
    return mkdtempSync(join(parent, "kms-box-tickets-"));
  } catch (cause) {
    const text = `There is no place for a Kerberos ticket in ${parent}: ${String(cause)}`;
    throw new DnsFailedError("no-ticket", text, { cause });
  }
}

/** Of a credential cache in a file, as Kerberos writes it. */
function cacheName(path: string): string {
  return `FILE:${path}`;
}

function keyOf(keytab: string, principal = ""): string {
  return `${resolve(keytab)}\n${principal}`;
}
