import type { DnsFailureCode, DnsRegistration } from "../dns-registration.ts";
import type { DnsFailure, DomainRecords, UpdateFact } from "./dns-facts.ts";
import { type Judgement, listed, ok, skipped, warning, wrong, wrongAsSaid } from "./finding.ts";

const LEAST_TTL_SECONDS = 30;
const MOST_TTL_SECONDS = 86_400;

const NEXT_STEPS: Readonly<Record<DnsFailureCode, string>> = {
  "not-installed": "Install the package bind9-dnsutils.",
  "key-unusable": "Correct the key file or keytab that dns.domains names.",
  "name-unusable": "Give the machine a name, or set dns.host in the configuration.",
  "no-ticket": "Correct keytab and principal in dns.domains, and check the clock.",
  "no-zone": "Correct the domain in dns.domains, or name its server there.",
  "server-unreachable": "Start the DNS server, or correct `server` in dns.domains.",
  "server-refused": "Let the DNS server accept updates of these records by this box's key.",
  "signature-refused": "Give box and DNS server the same key, and check both clocks.",
  "not-visible": "Look into the DNS server's log: it accepts updates but does not show them.",
  "update-failed": "Look into the DNS server's log.",
};

/** Failures that mean that nobody could be asked at all. */
const NOBODY_ASKED: readonly DnsFailureCode[] = ["no-zone", "server-unreachable"];

export function judgeZone(domain: string, found: DomainRecords | DnsFailure): Judgement {
  if ("code" in found) return wrongAsSaid(found.reason, NEXT_STEPS[found.code]);
  return ok(`${found.server} is the primary of ${domain} and answers.`);
}

export function judgeUpdate(domain: string, fact: UpdateFact): Judgement {
  switch (fact.state) {
    case "published":
      return ok(`The server of ${domain} accepts this box's updates.`);
    case "failed":
      return judgeRefusal(fact);
    case "trial":
      return fact.failure === null
        ? ok(`The server of ${domain} accepts this box's signature.`)
        : judgeRefusal(fact.failure);
    case "pending":
      return skipped("The box has not tried yet.");
    case "foreign":
      return skipped("Nothing is written, as another host's record is there.");
    case "withdrawn":
      return skipped("The box has taken its record back.");
    case "no-credentials":
      return skipped(`No key is set for ${domain}: its records are kept by hand.`);
  }
}

function judgeRefusal(failure: DnsFailure): Judgement {
  return NOBODY_ASKED.includes(failure.code)
    ? skipped(failure.reason)
    : wrongAsSaid(failure.reason, NEXT_STEPS[failure.code]);
}

export function judgeRecord(
  registration: DnsRegistration,
  { oursPresent, rivals, duplicates }: Pick<DomainRecords, "oursPresent" | "rivals" | "duplicates">,
  coexist: boolean,
): Judgement {
  const { name, domain, target, port } = registration;
  if (oursPresent && duplicates.length > 0) {
    const others = duplicates.map((each) => `priority ${each.priority}, weight ${each.weight}`);
    return warning(
      `${name} names ${target}:${port} more than once, also with ${listed(others)}.`,
      "Wait for the box to remove that at its next check, or run: kms-box dns publish.",
    );
  }
  if (oursPresent) return ok(`${name} names ${target}:${port}.`);
  const others = listed(rivals.map((rival) => `${rival.target}:${rival.port}`));
  if (rivals.length > 0 && !coexist) {
    return skipped(`This box publishes nothing beside the record of ${others}.`);
  }
  const seen = rivals.length > 0 ? `names only ${others}` : "has no record";
  return wrong(
    `Clients in ${domain} do not find this box: ${name} ${seen}.`,
    `Let the box publish it (dns.domains), or add to the zone: ${zoneLine(registration)}`,
  );
}

/** The record as a line of a zone file (RFC 1035 section 5.1, RFC 2782). */
function zoneLine({ name, ttlSeconds, priority, weight, port, target }: DnsRegistration): string {
  return `${name}. ${ttlSeconds} IN SRV ${priority} ${weight} ${port} ${target}.`;
}

/** @param seen null where this machine's resolver could not be asked */
export function judgeSeen(name: string, seen: boolean | null): Judgement {
  if (seen === null) return skipped("This machine's resolver could not be asked.");
  if (seen) return ok(`This machine's resolver finds ${name}.`);
  return warning(
    `The zone has ${name}, but this machine's resolver does not find it.`,
    "Wait until the resolver has forgotten its older answer, or let it ask this zone's servers.",
  );
}

/**
 * @param resolved addresses that the target has in DNS
 * @param ours addresses that this machine has
 */
export function judgeTarget(
  target: string,
  resolved: readonly string[],
  ours: readonly string[],
): Judgement {
  if (resolved.length === 0) {
    return wrong(
      `${target} has no address in DNS, so that clients find this box but cannot reach it.`,
      `Add an A or AAAA record for ${target}: ${listed(ours)}.`,
    );
  }
  const strange = resolved.filter((address) => !ours.includes(address));
  if (strange.length === 0) return ok(`${target} has the address ${listed(resolved)}.`);
  return wrong(
    `${target} has the address ${listed(strange)} in DNS, which is not this machine's (${listed(ours)}).`,
    `Correct the A and AAAA records of ${target}.`,
  );
}

/** @param ttlSeconds null where it is not known */
export function judgeTtl(name: string, ttlSeconds: number | null): Judgement {
  if (ttlSeconds === null) return skipped("The record's time to live is not known.");
  const evidence = `Resolvers keep ${name} for ${ttlSeconds} s`;
  if (ttlSeconds < LEAST_TTL_SECONDS) {
    return warning(`${evidence}: too short.`, "Set dns.ttlSeconds to at least 30.");
  }
  if (ttlSeconds > MOST_TTL_SECONDS) {
    return warning(
      `${evidence}: after a change clients go to the old place for more than a day.`,
      "Set dns.ttlSeconds to at most 86400.",
    );
  }
  return ok(`${evidence}.`);
}
