import { KmsError } from "../../domain/errors.ts";
import { QuotaLimit } from "../../domain/rate-limit.ts";
import { clientNetwork } from "../../domain/source-address.ts";
import { MINUTE_MS, SECOND_MS } from "../../domain/units.ts";
import type { Clock } from "../../ports/clock.ts";
import type { EventLog } from "../../ports/events.ts";
import type { AdminCodes } from "../admin-codes.ts";
import { isLockedOut, LoginLimits } from "./login-limits.ts";
import type { Password } from "./password.ts";
import type { Session, Sessions } from "./sessions.ts";

/** Wrong codes of one network in the time that a code is valid: one source must not use it all up. */
const CODES_PER_NETWORK = 3;
const CODE_WINDOW_MS = 5 * MINUTE_MS;

function codeQuota(): QuotaLimit {
  return new QuotaLimit(CODES_PER_NETWORK, CODE_WINDOW_MS, 4096);
}

/** Nobody has set a password yet. */
export class NotClaimedError extends KmsError {
  readonly code = "not-claimed";
}

/** It is not the password. */
export class WrongPasswordError extends KmsError {
  readonly code = "wrong-password";
}

/** It is not the code, or there is none. */
export class WrongCodeError extends KmsError {
  readonly code = "wrong-code";
}

/** Too many tries from there: wait first. */
export class TooManyTriesError extends KmsError {
  readonly code = "too-many-tries";
  readonly retryAfterSeconds: number;

  constructor(waitMs: number) {
    const seconds = Math.ceil(waitMs / SECOND_MS);
    super(
      `Too many tries. Wait ${seconds} s. A new code from the box's button lets you in at once.`,
    );
    this.retryAfterSeconds = seconds;
  }
}

export interface AdministrationParts {
  readonly password: Password;
  readonly sessions: Sessions;
  readonly codes: Pick<AdminCodes, "redeem" | "issued">;
  readonly clock: Pick<Clock, "monotonicMs">;
  readonly events: EventLog;
}

/** A session as its browser is told of it. */
export interface Begun {
  readonly id: string;
  readonly session: Session;
}

/**
 * Lets the administrator in: first by a one-time code that only who stands before the box can read,
 * which sets the password, then by that.
 */
export class Administration {
  readonly sessions: Sessions;
  readonly #parts: AdministrationParts;
  readonly #logins = new LoginLimits();
  #codes = codeQuota();
  #issued = 0;

  constructor(parts: AdministrationParts) {
    this.#parts = parts;
    this.sessions = parts.sessions;
  }

  get isClaimed(): boolean {
    return this.#parts.password.isSet;
  }

  /**
   * Sets the password, the first one or in place of a lost one, and ends all sessions.
   *
   * @throws {PasswordUnfitError} before the code is used up
   * @throws {WrongCodeError} @throws {TooManyTriesError} @throws {StorageFailedError}
   */
  async claim(code: string, password: string, source: string): Promise<Begun> {
    const { codes, clock, events, sessions } = this.#parts;
    this.#parts.password.requireFit(password);
    const network = clientNetwork(source);
    if (codes.issued !== this.#issued) {
      // Who has just shown another code stands before the box.
      this.#issued = codes.issued;
      this.#codes = codeQuota();
    }
    const waitMs = this.#codes.take(network, clock.monotonicMs());
    if (waitMs > 0) throw new TooManyTriesError(waitMs);
    const redemption = codes.redeem(code);
    if (redemption !== "wrong") this.#codes.giveBack(network);
    if (redemption !== "accepted") {
      events.record("admin-login-failed", `A wrong code was given from ${source}.`, {
        source,
        with: "code",
      });
      throw new WrongCodeError(CODE_FAULTS[redemption]);
    }
    await this.#parts.password.set(password);
    sessions.endAll();
    this.#logins.succeeded(source);
    const message = `The administrator's password was set from ${source} by a code from the panel.`;
    events.record("admin-claimed", message, { source });
    return sessions.begin();
  }

  /**
   * @throws {NotClaimedError} @throws {WrongPasswordError} @throws {TooManyTriesError}
   * @throws {PasswordBusyError}
   */
  async login(password: string, source: string): Promise<Begun> {
    if (!this.isClaimed) throw new NotClaimedError(NOT_CLAIMED);
    await this.#requirePassword(password, source);
    this.#parts.events.record("admin-login", `The administrator logged in from ${source}.`, {
      source,
    });
    return this.sessions.begin();
  }

  /**
   * Ends all other sessions.
   *
   * @param session the id of the one that stays
   * @throws as `login`, and {PasswordUnfitError}
   */
  async changePassword(
    current: string,
    password: string,
    source: string,
    session: string | undefined,
  ): Promise<void> {
    if (!this.isClaimed) throw new NotClaimedError(NOT_CLAIMED);
    this.#parts.password.requireFit(password);
    await this.#requirePassword(current, source);
    await this.#replacePassword(password, source, session);
  }

  /**
   * For who may open the box's socket, and so read its state; ends all sessions.
   *
   * @throws {PasswordUnfitError} @throws {StorageFailedError}
   */
  async setPassword(password: string): Promise<void> {
    await this.#replacePassword(password, "the command line", undefined);
  }

  async #replacePassword(
    password: string,
    source: string,
    session: string | undefined,
  ): Promise<void> {
    await this.#parts.password.set(password);
    this.sessions.endAll(session);
    const message = `The administrator's password was changed from ${source}.`;
    this.#parts.events.record("password-changed", message, { source });
  }

  async #requirePassword(password: string, source: string): Promise<void> {
    const { clock, events } = this.#parts;
    const { waitMs, failed } = this.#logins.take(source, clock.monotonicMs());
    if (waitMs > 0) throw new TooManyTriesError(waitMs);
    if (await this.#parts.password.matches(password)) return this.#logins.succeeded(source);
    events.record("admin-login-failed", `A wrong password was given from ${source}.`, {
      source,
      with: "password",
    });
    if (isLockedOut(failed)) {
      const message = `After ${failed} wrong passwords ${source} has to wait, longer each time.`;
      events.record("admin-locked-out", message, { source, failed });
    }
    throw new WrongPasswordError("This is not the password.");
  }
}

const NOT_CLAIMED =
  "This box has no administrator yet. Claim it first: hold its button for 3 seconds, let go, and " +
  "give the code that the display shows.";

const CODE_FAULTS = {
  wrong: "This is not the code that the display shows. After five wrong ones it shows another.",
  malformed: "No code looks like that: it has eight characters, such as 7KM4-TXWC.",
  none:
    "No code is valid now. Hold the box's button for 3 seconds and let go: the display shows one " +
    "for 5 minutes.",
} as const;
