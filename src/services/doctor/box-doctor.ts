import { judgeNoDomain } from "../../domain/doctor/by-hand-judgements.ts";
import { type Check, runChecks } from "../../domain/doctor/run-checks.ts";
import { type Diagnosis, diagnose } from "../../domain/doctor/summary.ts";
import { SECOND_MS } from "../../domain/units.ts";
import type { Timers } from "../../ports/clock.ts";
import type { NameLookup } from "../../ports/doctor.ts";
import { byHandChecks } from "./by-hand-checks.ts";
import { type DoctorDomain, domainChecks } from "./domain-checks.ts";
import { type OwnParts, portCheck, runningCheck, stateChecks } from "./own-checks.ts";

/** Everything is known, or said to be unknown, after this. */
export const DOCTOR_TAKES_AT_MOST_MS = 15 * SECOND_MS;

export interface BoxDoctorParts extends OwnParts {
  /** From the cable to the name server. */
  readonly networkChecks: (needs: { name: string; needed: boolean }) => readonly Check[];
  /** Whether this machine's address is its own: takes longer, and nothing needs it. */
  readonly addressUseCheck: Check;
  readonly mdnsCheck: Check | null;
  readonly names: NameLookup;
  /** This machine's addresses. */
  readonly addresses: () => Promise<readonly string[]>;
  /** Asked anew for every run, as names and addresses change. */
  readonly domains: () => Promise<readonly DoctorDomain[]>;
  /** Whether DNS is used at all (`dns.enabled`). */
  readonly usesDns: boolean;
  readonly coexist: boolean;
  /** Whether machines on this one's links find this box by mDNS. */
  readonly isAnnounced: () => Promise<boolean>;
  readonly timers: Timers;
}

/** Finds out why clients are not activated. Changes nothing, here or in DNS. */
export class BoxDoctor {
  readonly #parts: BoxDoctorParts;

  constructor(parts: BoxDoctorParts) {
    this.#parts = parts;
  }

  /** @param progress told the titles of what is still looked at */
  async examine(progress?: (running: readonly string[]) => void): Promise<Diagnosis> {
    const stop = new AbortController();
    let cancel = () => {};
    const deadline = new Promise<void>((resolve) => {
      cancel = this.#parts.timers.after(DOCTOR_TAKES_AT_MOST_MS, resolve);
    });
    try {
      const checks = this.#checks(await this.#parts.domains(), stop.signal);
      return diagnose(await runChecks(checks, { deadline, ...(progress && { progress }) }));
    } finally {
      cancel();
      stop.abort();
    }
  }

  #checks(domains: readonly DoctorDomain[], signal: AbortSignal): Check[] {
    const { networkChecks, addressUseCheck, mdnsCheck, box } = this.#parts;
    const needed = domains.some(({ namesServer }) => !namesServer);
    const name = domains[0]?.registration.domain ?? ".";
    const parts = { ...this.#parts, ownThumbprint: box?.thumbprint ?? null, signal };
    const configured = domains.filter(({ byHand }) => !byHand);
    const perDomain = [
      ...configured.flatMap((domain) => domainChecks(domain, parts)),
      ...byHandChecks(
        domains.filter(({ byHand }) => byHand),
        parts,
      ),
    ];
    const [link, address, ...rest] = networkChecks({ name, needed });
    return [
      runningCheck(this.#parts),
      ...(link && address ? [link, address] : []),
      addressUseCheck,
      ...rest,
      ...(domains.length > 0 ? perDomain : [this.#noDomainCheck()]),
      portCheck(this.#parts),
      ...(mdnsCheck ? [mdnsCheck] : []),
      ...stateChecks(this.#parts),
    ];
  }

  /** So that nobody takes what was not looked for to be there. */
  #noDomainCheck(): Check {
    const look = () => judgeNoDomain(this.#parts.usesDns);
    return { id: "record", title: "SRV record", needs: [], look };
  }
}
