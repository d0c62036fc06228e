import type { DnsRegistration } from "../dns-registration.ts";
import type { DnsFailure, DomainRecords, HostPlace, SrvAnswer } from "./dns-facts.ts";
import { judgeTarget, judgeTtl } from "./dns-judgements.ts";
import { type Judgement, listed, ok, skipped, warning, wrong } from "./finding.ts";
import { isMet, type KeptRecord, type OwnPlace, type SortedRecords } from "./kept-record.ts";
import { placeText } from "./place-text.ts";

/** A domain that is not the box's to write: what its zone and this machine's name servers say. */
export interface KeptDomain {
  readonly registration: DnsRegistration;
  readonly zone: DomainRecords | DnsFailure;
  /** Of each of this machine's name servers. */
  readonly answers: readonly SrvAnswer[];
  readonly records: SortedRecords;
}

/** Judges the domains where there is none to look in. */
export function judgeNoDomain(isEnabled: boolean): Judgement {
  if (!isEnabled) return skipped("DNS is turned off (dns.enabled): no record was looked for.");
  return skipped(
    "No record was looked for: dns.domains names no domain, and this machine searches in none.",
    "To have one looked for, set the search domain in this machine's network settings, or dns.domains.",
  );
}

/** A domain needs no zone of its own for somebody to keep a record in it. */
export function judgeKeptZone(domain: string, zone: DomainRecords | DnsFailure): Judgement {
  if (!("code" in zone)) return ok(`${zone.server} is the primary of ${domain} and answers.`);
  if (zone.code === "no-zone") {
    return skipped(
      `No zone with a primary was found (SOA record): a record in ${domain} is kept by hand, if at all.`,
    );
  }
  return skipped(`Its primary could not be asked, this machine's name servers are. ${zone.reason}`);
}

export function judgeKeptUpdate(domain: string): Judgement {
  return skipped(`${domain} is not in dns.domains: this box writes nothing there.`);
}

/** How else clients find this box. */
export interface OtherWays {
  /** Another domain, whose record leads to it. */
  readonly foundIn: string | null;
  /** Whether those on the box's own links find it by mDNS. */
  readonly isAnnounced: boolean;
}

/**
 * Judges whether the SRV record leads clients to this box. Where none is there, nobody may have meant
 * to keep one, as in the domain of a home's router, and mDNS may do.
 */
export function judgeKeptRecord(
  { registration, zone, answers, records }: KeptDomain,
  own: OwnPlace,
  { foundIn, isAnnounced }: OtherWays,
): Judgement {
  const { name, domain } = registration;
  const { here, moved, otherPort, elsewhere } = records;
  const lost = `Clients in ${domain} do not find this box by DNS`;
  const nextStep = enteringStep(registration, !("code" in zone));
  if (otherPort.length > 0) {
    const what = `${name} names ${places(otherPort)}, but this box serves at port ${own.port}`;
    return here.length + moved.length > 0
      ? wrong(`${what}, of which another record tells.`, "Delete the record with the other port.")
      : wrong(`${lost}: ${what}.`, nextStep);
  }
  if (here.length > 0) return ok(`${name} names ${places(here)}, ${howKnown(here, own)}.`);
  if (moved.length > 0) return ok(`${name} names ${places(moved)}.`);
  if (elsewhere.length > 0)
    return wrong(`${lost}: ${name} names only ${places(elsewhere)}.`, nextStep);
  const told = answers.filter(({ answer }) => answer !== "silent");
  if (told.length === 0) {
    return skipped(`No name server answers for ${name}.`, "Look into the name server's log.");
  }
  if (foundIn !== null)
    return skipped(`${name} has no record; clients find this box in ${foundIn}.`);
  const why = listed(told.map((each) => absence(each, registration)));
  if (!isAnnounced) return wrong(`${lost}: ${why}.`, nextStep);
  return warning(
    `Clients on this box's own link find it by mDNS, those in other networks do not: ${why}.`,
    nextStep,
  );
}

function howKnown(here: readonly KeptRecord[], own: OwnPlace): string {
  const isAnswering = here.every(({ found }) => found.some(({ meeting }) => isMet(meeting, own)));
  return isAnswering ? "where this box answers" : "which is this machine";
}

/** Why a server tells of no record, in a clause. */
function absence({ server, answer }: SrvAnswer, { name, domain }: DnsRegistration): string {
  if (answer === "refused") {
    const likely = `as one does that neither has it nor asks others (dnsmasq without local=/${domain}/)`;
    return `${server} refuses to answer for ${name}, ${likely}`;
  }
  return answer === "fails"
    ? `${server} cannot look up ${name} (SERVFAIL)`
    : `${server} has no record ${name}`;
}

function enteringStep({ domain }: DnsRegistration, hasZone: boolean): string {
  const print = (format: string) => `kms-box dns record --domain ${domain} --format ${format}`;
  return hasZone
    ? `Let the box publish it (dns.domains), or enter in the zone what this prints: ${print("bind")} (or windows).`
    : `Enter in the name server what this prints: ${print("dnsmasq")} (or bind, windows, unbound, pihole).`;
}

/** Judges the addresses of the targets that are meant to be this machine. */
export function judgeKeptTarget(
  { registration: { domain }, records: { here, moved } }: KeptDomain,
  own: OwnPlace,
): Judgement {
  const ours = [...here, ...moved];
  if (ours.length === 0) return skipped("There is no record of ours.");
  const judged = ours.map(({ target, found }) => {
    const met = found.filter(({ meeting }) => isMet(meeting, own));
    const addresses = found.map(({ address }) => address);
    return judgeTarget(target, addresses, [...own.addresses, ...met.map(({ address }) => address)]);
  });
  const all = (of: readonly Judgement[]) => of.map(({ evidence }) => evidence).join(" ");
  const faults = judged.filter(({ result }) => result === "wrong");
  if (faults.length === 0) return ok(all(judged));
  return wrong(
    all(faults),
    `Correct it in the name server; the right lines: kms-box dns record --domain ${domain} --format FORMAT.`,
  );
}

/** Judges whether all of this machine's name servers, one of which clients ask, lead to the box. */
export function judgeKeptSeen({
  registration: { name },
  answers,
  records: { here, moved },
}: KeptDomain): Judgement {
  const ours = [...here, ...moved].map(placeText);
  if (ours.length === 0) return skipped("There is no record of ours.");
  const of = (isFinding: boolean) =>
    answers
      .filter(({ answer }) => answer !== "silent")
      .filter((each) => each.places.some((at) => ours.includes(placeText(at))) === isFinding)
      .map(({ server }) => server);
  const [finding, missing] = [of(true), of(false)];
  if (finding.length + missing.length === 0) return skipped("No name server answered.");
  if (missing.length === 0) return ok(`${listed(finding)} ${has(finding)} ${name}.`);
  if (finding.length === 0) {
    return warning(
      `The zone has ${name}, but ${listed(missing)} ${has(missing)} it not.`,
      "Wait until the older answer is forgotten there, or let that server ask this zone's.",
    );
  }
  return warning(
    `${listed(finding)} ${has(finding)} ${name}, but ${listed(missing)} ${has(missing)} it not: clients that ask there do not find this box.`,
    "Enter the record there too, or take that server out of the network settings.",
  );
}

function has(servers: readonly string[]): string {
  return servers.length > 1 ? "have" : "has";
}

/** Only a zone's primary tells what a record's time to live is; others tell what is left of it. */
export function judgeKeptTtl({ registration: { name }, zone, records }: KeptDomain): Judgement {
  if (records.here.length + records.moved.length === 0) {
    return skipped("There is no record of ours.");
  }
  if ("code" in zone) return skipped("Only a zone's primary tells it, and there is none to ask.");
  const judged = judgeTtl(name, zone.ttlSeconds);
  return judged.result === "warning"
    ? warning(judged.evidence, "Set the record's time to live to an hour.")
    : judged;
}

function places(records: readonly HostPlace[]): string {
  return listed(records.map(placeText));
}
