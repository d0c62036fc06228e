import { bytesText } from "../bytes-text.ts";
import type { DomainReport } from "../dns-registration.ts";
import { LEAST_FREE_BYTES } from "../doctor/box-judgements.ts";
import type { Condition } from "./alert.ts";
import type { Observation } from "./alert-machine.ts";
import { licenceConditions, type WatchedLicence } from "./licence-conditions.ts";
import { productConditions, type WatchedProduct } from "./product-conditions.ts";

/** What alerts are made of. Null is what is not known, or not measured. */
export interface AlertFacts {
  readonly nowMs: number;
  readonly clock: { readonly trusted: boolean; readonly detail: string };
  readonly products: readonly WatchedProduct[];
  /** Ids of products that were activated once, and that no licence covers now. */
  readonly unlicensed: readonly string[];
  /** By how much a count may exceed its threshold and still be near it. */
  readonly margin: number;
  readonly licences: readonly WatchedLicence[];
  readonly dns: readonly DomainReport[];
  /** Why the state cannot be written; null if it can. */
  readonly storageFailure: string | null;
  readonly freeBytes: number | null;
  readonly lowVoltage: boolean | null;
  /** CMIDs that several machines seem to share; null where nobody looked yet. */
  readonly clones: number | null;
  /** What is wrong with the audit log; null if nothing is known to be. */
  readonly auditFault: string | null;
  /** What became of an upgrade that failed; null if none did. */
  readonly upgradeFailure: string | null;
  /** Why this box is not to be used any more; null if it is. */
  readonly replaced: string | null;
}

/** Everything that is wrong, and what cannot be judged now. */
export function observe(facts: AlertFacts): Observation {
  const unjudged = new Set<string>();
  if (!facts.clock.trusted) {
    // Which licences are valid, and so which products there are, is not known.
    for (const kind of [
      "threshold-near",
      "threshold-lost",
      "licence-expiring",
      "licence-expired",
    ]) {
      unjudged.add(kind);
    }
  }
  // What is not activated for want of a licence has not got its count back.
  for (const id of facts.unlicensed) unjudged.add(`threshold-lost:${id}`);
  if (facts.freeBytes === null) unjudged.add("space-low");
  if (facts.lowVoltage === null) unjudged.add("voltage-low");
  if (facts.clones === null) unjudged.add("clones");
  for (const { registration, state } of facts.dns) {
    if (state.state === "pending") unjudged.add(dnsKey(registration.domain));
  }
  const timely = facts.clock.trusted
    ? [
        ...productConditions(facts.products, facts.margin, facts.nowMs),
        ...licenceConditions(facts.licences, facts.nowMs),
      ]
    : [clockCondition(facts.clock.detail)];
  return {
    conditions: [...timely, ...ownConditions(facts), ...dnsConditions(facts.dns)],
    unjudged,
  };
}

function clockCondition(detail: string): Condition {
  return {
    ...GRAVE,
    key: "clock-untrusted",
    kind: "clock-untrusted",
    sentence: `The box does not know the time, so that nobody is activated: ${sentenceOf(detail)}`,
    remedy: "Connect it to an NTP server, or set the clock: kms-box clock set TIME.",
    over: "The box knows the time again.",
  };
}

const GRAVE = { severity: "critical", stage: 0 } as const;
const MILD = { severity: "warning", stage: 0 } as const;

function ownConditions(facts: AlertFacts): Condition[] {
  const { storageFailure, freeBytes, lowVoltage, clones, auditFault } = facts;
  const found: Condition[] = [];
  const add = (kind: Condition["kind"], rest: Omit<Condition, "key" | "kind">) =>
    found.push({ key: kind, kind, ...rest });
  if (storageFailure !== null) {
    add("storage-failed", {
      ...GRAVE,
      sentence: `The state cannot be written, so that nobody is activated: ${sentenceOf(storageFailure)}`,
      remedy: "Restart the box; if that does not help, replace the SD card.",
      over: "The state can be written again.",
    });
  }
  if (freeBytes !== null && freeBytes < LEAST_FREE_BYTES) {
    add("space-low", {
      ...MILD,
      sentence: `Only ${bytesText(freeBytes)} are free where the state is kept.`,
      remedy: "Free some space on the SD card, or take a bigger one.",
      over: "There is space enough again.",
    });
  }
  if (lowVoltage) {
    add("voltage-low", {
      ...MILD,
      sentence: "The supply voltage is too low, which damages SD cards.",
      remedy: "Use a better power supply and a short, thick cable.",
      over: "The supply voltage has been good for an hour.",
    });
  }
  if (clones !== null && clones > 0) {
    add("clones", {
      severity: "warning",
      stage: clones,
      sentence: `${clones === 1 ? "One CMID is" : `${clones} CMIDs are`} used by more than one machine, which count as one.`,
      remedy: "See kms-box clones; on each copied machine delete the client's state folder.",
      over: "No CMID is used by more than one machine any more.",
    });
  }
  if (auditFault !== null) {
    add("audit-broken", {
      ...GRAVE,
      sentence: `The audit log was altered: ${sentenceOf(auditFault)}`,
      remedy: "Find out who had access to the box, and restore the log from a backup.",
      over: "The audit log is whole again.",
    });
  }
  return [...found, ...versionConditions(facts)];
}

function versionConditions({ upgradeFailure, replaced }: AlertFacts): Condition[] {
  const found: Condition[] = [];
  if (upgradeFailure !== null) {
    found.push({
      ...MILD,
      key: "update-failed",
      kind: "update-failed",
      sentence: `The last upgrade failed: ${sentenceOf(upgradeFailure)}`,
      remedy: "The former version goes on; see kms-box events, and install the upgrade again.",
      over: "The box was upgraded.",
    });
  }
  if (replaced !== null) {
    found.push({
      ...GRAVE,
      key: "host-replaced",
      kind: "host-replaced",
      sentence: sentenceOf(replaced),
      remedy: "Switch this box off; the one that was restored from its backup serves.",
      over: "This box may be used again.",
    });
  }
  return found;
}

const dnsKey = (domain: string) => `dns-lost:${domain}`;

function dnsConditions(reports: readonly DomainReport[]): Condition[] {
  return reports.flatMap(({ registration: { domain, name }, state }): Condition[] => {
    const over = `${name} leads to this box again, or is not to.`;
    const common = { ...MILD, key: dnsKey(domain), kind: "dns-lost", over } as const;
    if (state.state === "failed") {
      return [
        {
          ...common,
          sentence: `${name} cannot be kept in DNS: ${sentenceOf(state.reason)}`,
          remedy: "See kms-box doctor; clients that know the box go on asking it.",
        },
      ];
    }
    if (state.state !== "foreign") return [];
    return [
      {
        ...common,
        sentence: `${name} leads to another host, so that this box is not published.`,
        remedy: "Remove the other record, or set dns.coexist to publish beside it.",
      },
    ];
  });
}

/** A clause or sentence of another part, with one full stop. */
function sentenceOf(text: string): string {
  return `${text.replace(/[.\s]+$/, "")}.`;
}
