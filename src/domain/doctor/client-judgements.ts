import type { LicenceStatus } from "../status.ts";
import type { Met } from "./dns-facts.ts";
import { type Judgement, listed, ok, skipped, warning, wrong } from "./finding.ts";
import { placeText, silenceText } from "./place-text.ts";

/** What a client's look-up gave. */
export interface LookupFact {
  readonly hosts: readonly { readonly host: string; readonly port: number; readonly how: string }[];
  /** Where it looked, for a person; of the first host. */
  readonly why: string;
  /** In a clause; what was tried without success. */
  readonly whyNot: string;
}

export function judgeLookup({ hosts, why, whyNot }: LookupFact): Judgement {
  const [first] = hosts;
  if (!first) {
    return wrong(
      `No KMS host is found: ${whyNot}.`,
      "Let the box publish its SRV record, or set the host: kms-client set-host HOST.",
    );
  }
  const places = listed(hosts.map(({ host, port }) => placeText({ target: host, port })));
  if (first.how !== "cache") return ok(`${places}: ${why}.`);
  return warning(
    `Only the host that worked last is known, ${places}: ${whyNot}.`,
    "Let the box publish its SRV record anew.",
  );
}

/** Judges whether the hosts found answer as KMS hosts do. */
export function judgeCandidates(met: readonly Met[]): Judgement {
  const good = met.filter(({ meeting }) => meeting.kind === "host");
  const bad = met.filter(({ meeting }) => meeting.kind !== "host");
  if (bad.length === 0)
    return ok(`${listed(met.map(placeText))} ${good.length > 1 ? "answer" : "answers"}.`);
  const reasons = listed(bad.map((each) => `${placeText(each)} (${silenceText(each)})`));
  if (good.length === 0) {
    return wrong(
      `No host that was found answers: ${reasons}.`,
      "Start the box, check its address in DNS, and let port 1688 through the firewalls between.",
    );
  }
  return warning(
    `${listed(good.map(placeText))} answers, but not ${reasons}.`,
    "Delete the SRV record of the host that is gone, or start it again.",
  );
}

/** Whether a host can activate a product that this machine has; `why` is a sentence. */
export type TrustFact =
  | { readonly trusted: true; readonly host: string }
  | { readonly trusted: false; readonly host: string; readonly why: string };

/** @param facts one of each host that answers */
export function judgeHostTrust(product: string, facts: readonly TrustFact[]): Judgement {
  if (facts.length === 0) return skipped("No host was met.");
  const good = facts.find(({ trusted }) => trusted);
  const bad = facts.find((fact) => !fact.trusted);
  if (bad?.trusted !== false) return ok(`${good?.host} has the vendor's licence for ${product}.`);
  const evidence = `${bad.host} cannot activate ${product}: ${bad.why}`;
  if (!good) {
    return wrong(evidence, "Install the vendor's licence on that box, or find the right host.");
  }
  return warning(evidence, `${good.host} can; delete the other's SRV record if it is not meant.`);
}

export interface LeaseFact {
  readonly product: string;
  readonly status: LicenceStatus;
  /** To the end of that status; 0 where it has none. */
  readonly remainingDays: number;
  readonly lastMessage: string | null;
  readonly lastFailed: boolean;
  /** Why the stored lease is not believed; null if it is, or there is none. */
  readonly damage: string | null;
}

export function judgeLease(lease: LeaseFact): Judgement {
  const { product, status, remainingDays, lastMessage, lastFailed, damage } = lease;
  const last = lastMessage === null ? "" : ` Last attempt: ${lastMessage}`;
  const retry = `Try now and read the answer: kms-client activate --product ${product}.`;
  if (damage !== null) return wrong(`The stored lease is not believed: ${damage}`, retry);
  switch (status) {
    case "licensed": {
      const evidence = `${product} is activated for ${remainingDays} more days.`;
      return lastFailed ? warning(`${evidence}${last}`, retry) : ok(evidence);
    }
    case "initial-grace":
      return warning(`${product} is not activated yet.${last}`, retry);
    case "out-of-tolerance-grace":
      return wrong(`The activation of ${product} has ended.${last}`, retry);
    case "notification":
    case "unlicensed":
      return wrong(`${product} is not activated.${last}`, retry);
  }
}

/** @param meeting of the host that worked last; null if none did */
export function judgeCached(last: Met | null, isFoundAnew: boolean): Judgement {
  if (last === null) return skipped("No host has worked yet.");
  if (last.meeting.kind === "host") return ok(`${placeText(last)} worked last and answers.`);
  const evidence = `${placeText(last)} worked last and does not answer now: ${silenceText(last)}.`;
  return isFoundAnew
    ? ok(`${evidence} Another is found instead.`)
    : warning(evidence, "Start that host again, or publish where it is now.");
}
