import {
  judgeKeptRecord,
  judgeKeptSeen,
  judgeKeptTarget,
  judgeKeptTtl,
  judgeKeptUpdate,
  judgeKeptZone,
  type KeptDomain,
} from "../../domain/doctor/by-hand-judgements.ts";
import type { DnsFailure, HostPlace, SrvAnswer } from "../../domain/doctor/dns-facts.ts";
import { judgeRivals, judgeStale } from "../../domain/doctor/host-judgements.ts";
import { type KeptRecord, type OwnPlace, sortRecords } from "../../domain/doctor/kept-record.ts";
import { placeText } from "../../domain/doctor/place-text.ts";
import { type Check, once } from "../../domain/doctor/run-checks.ts";
import type { DnsFindings } from "../../ports/dns.ts";
import { type DoctorDomain, type DomainParts, inspected } from "./domain-checks.ts";

/** More than an office has; a longer answer is not worked through to its end. */
const MOST_RECORDS = 16;
const MOST_ADDRESSES = 8;

/** What was found of a domain, and what it was held against. */
interface Look {
  readonly kept: KeptDomain;
  readonly own: OwnPlace;
}

/**
 * What can be wrong with records that an administrator keeps, in the order of causes. Clients are sent
 * by what their own name servers answer, with or without a zone, so these are asked.
 */
export function byHandChecks(domains: readonly DoctorDomain[], parts: DomainParts): Check[] {
  const looked = domains.map((domain) => ({ domain, look: once(() => lookAt(domain, parts)) }));
  return looked.flatMap(({ domain, look }) => {
    const others = looked.filter((each) => each.domain !== domain);
    const foundIn = once(async () => {
      const looks = await Promise.all(others.map((other) => other.look()));
      const found = looks.find(({ kept }) => kept.records.here.length > 0);
      return found?.kept.registration.domain ?? null;
    });
    return checksOf(domain, parts, look, foundIn);
  });
}

function checksOf(
  { registration: { name, domain } }: DoctorDomain,
  parts: DomainParts,
  look: () => Promise<Look>,
  foundIn: () => Promise<string | null>,
): Check[] {
  const [zone, record] = [`zone:${domain}`, `record:${domain}`];
  const check = (
    id: string,
    title: string,
    needs: string[],
    judge: (look: Look) => Judged,
  ): Check => {
    return { id: `${id}:${domain}`, title, needs, look: async () => judge(await look()) };
  };
  return [
    check("zone", `Zone of ${domain}`, ["name-servers"], ({ kept }) =>
      judgeKeptZone(domain, kept.zone),
    ),
    check("hosts-gone", "Hosts that are gone", [zone], ({ kept }) =>
      judgeStale(name, kept.records.elsewhere, "code" in kept.zone ? "name server" : "zone"),
    ),
    check("rivals", "Other hosts", [zone], ({ kept }) =>
      judgeRivals(name, kept.records.elsewhere, parts),
    ),
    check("update", "Updates allowed", [zone], () => judgeKeptUpdate(domain)),
    check("record", "SRV record", [zone], async ({ kept, own }) =>
      judgeKeptRecord(kept, own, {
        foundIn: await foundIn(),
        isAnnounced: await parts.isAnnounced(),
      }),
    ),
    check("target", "Its address", [zone, record], ({ kept, own }) => judgeKeptTarget(kept, own)),
    check("seen", "Seen from here", [zone, record], ({ kept }) => judgeKeptSeen(kept)),
    check("ttl", "Time to live", [zone, record], ({ kept }) => judgeKeptTtl(kept)),
  ];
}

type Judged = ReturnType<Check["look"]>;

async function lookAt(domain: DoctorDomain, parts: DomainParts): Promise<Look> {
  const { registration, registrar } = domain;
  const [zone, answers, addresses] = await Promise.all([
    inspected(registrar.inspect(registration, parts.signal)),
    parts.names.hostsUnder(registration.name),
    parts.addresses(),
  ]);
  const { target, port } = registration;
  const own = { target, port, addresses, thumbprint: parts.ownThumbprint };
  const found = await knownTo(zone, answers, registration.name, parts);
  const records = await Promise.all(found.map((each) => follow(each, parts)));
  return { kept: { registration, zone, answers, records: sortRecords(records, own) }, own };
}

interface Told extends HostPlace {
  /** Who told of it, and is asked for the target's addresses. */
  readonly server: string;
}

/** What the zone's primary has; where it has nothing, or there is none, what the name servers have. */
async function knownTo(
  zone: DnsFindings | DnsFailure,
  answers: readonly SrvAnswer[],
  name: string,
  { names }: DomainParts,
): Promise<Told[]> {
  const primary = "code" in zone ? [] : toldBy(await names.hostsUnder(name, zone.server));
  const told = primary.length > 0 ? primary : toldBy(answers);
  return [...new Map(told.toReversed().map((each) => [placeText(each), each])).values()]
    .toReversed()
    .slice(0, MOST_RECORDS);
}

function toldBy(answers: readonly SrvAnswer[]): Told[] {
  return answers.flatMap(({ server, places }) => places.map((place) => ({ ...place, server })));
}

async function follow({ target, port, server }: Told, parts: DomainParts): Promise<KeptRecord> {
  const addresses = await parts.names.addressesOf(target, server);
  const found = await Promise.all(
    addresses.slice(0, MOST_ADDRESSES).map(async (address) => {
      return { address, meeting: await parts.hosts.meet({ target: address, port }) };
    }),
  );
  return { target, port, found };
}
