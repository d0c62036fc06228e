import { LICENCE_ENDING_MS } from "../domain/doctor/box-judgements.ts";
import { licenceValidity } from "../domain/licence.ts";
import { DAY_MS, MINUTE_MS, SECOND_MS } from "../domain/units.ts";
import type { Timers } from "../ports/clock.ts";
import type { EventLog } from "../ports/events.ts";
import type { ActivationService } from "./activation.ts";
import type { HostClock, HostTime } from "./host-clock.ts";
import type { LicenceService } from "./licences.ts";

/** How often records are discarded and the clock and licences looked at. */
const ROUND_MS = MINUTE_MS;

export interface HousekeepingParts {
  readonly clock: HostClock;
  readonly timers: Timers;
  readonly licences: LicenceService;
  readonly activation: ActivationService;
  readonly events: EventLog;
}

/** What the host does by the clock and not on request. */
export class Housekeeping {
  readonly #parts: HousekeepingParts;
  readonly #warnedMs = new Map<string, number>();
  #cancel: (() => void) | undefined;
  #round: Promise<void> = Promise.resolve();
  #trusted: boolean | undefined;

  constructor(parts: HousekeepingParts) {
    this.#parts = parts;
  }

  /** Resolves when what fell due while the host was off is done. */
  async start(): Promise<void> {
    await this.#runRound();
  }

  async stop(): Promise<void> {
    this.#cancel?.();
    await this.#round;
  }

  async #runRound(): Promise<void> {
    this.#cancel = this.#parts.timers.after(ROUND_MS, () => {
      this.#round = this.#runRound();
    });
    const time = this.#parts.clock.read();
    this.#tellTrust(time);
    if (!time.trusted) return;
    this.#tellLicences(time.nowMs);
    try {
      await this.#parts.activation.discardDue();
      await this.#parts.clock.keep();
    } catch {
      // The store has told of its failure itself, and the next round tries again.
    }
  }

  #tellTrust(time: HostTime): void {
    if (this.#trusted === time.trusted) return;
    this.#trusted = time.trusted;
    if (time.trusted) {
      this.#parts.events.record("clock-trusted", `The clock is trusted (${time.source}).`, {
        source: time.source,
      });
    } else {
      this.#parts.events.record(
        "clock-untrusted",
        `Nobody is activated and nothing discarded until the time is known: ${time.reason}`,
      );
    }
  }

  #tellLicences(nowMs: number): void {
    const { book } = this.#parts.licences;
    for (const licence of book.licences) {
      if (book.isReplaced(licence)) continue;
      const { claims, vendorThumbprint } = licence;
      const endMs = claims.exp * SECOND_MS;
      if (endMs - nowMs > LICENCE_ENDING_MS) continue;
      if (nowMs - (this.#warnedMs.get(claims.jti) ?? Number.NEGATIVE_INFINITY) < DAY_MS) continue;
      this.#warnedMs.set(claims.jti, nowMs);
      const details = { vendor: claims.iss, vendorThumbprint, jti: claims.jti };
      const end = new Date(endMs).toISOString();
      if (licenceValidity(claims, nowMs) === "expired") {
        const message = `The licence of "${claims.iss}" expired on ${end}. Ask for a new one.`;
        this.#parts.events.record("licence-expired", message, { ...details, expired: end });
      } else {
        const message = `The licence of "${claims.iss}" expires on ${end}. Ask for a new one.`;
        this.#parts.events.record("licence-expiring", message, { ...details, expires: end });
      }
    }
  }
}
