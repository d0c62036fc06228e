import type { DnsRegistration } from "../../domain/dns-registration.ts";
import type { DnsFailure, Met, UpdateFact } from "../../domain/doctor/dns-facts.ts";
import {
  judgeRecord,
  judgeSeen,
  judgeTarget,
  judgeTtl,
  judgeUpdate,
  judgeZone,
} from "../../domain/doctor/dns-judgements.ts";
import { skipped } from "../../domain/doctor/finding.ts";
import { judgeRivals, judgeStale } from "../../domain/doctor/host-judgements.ts";
import { type Check, once } from "../../domain/doctor/run-checks.ts";
import { DnsFailedError, type DnsFindings, type DnsRegistrar } from "../../ports/dns.ts";
import type { HostMeeter, NameLookup } from "../../ports/doctor.ts";

/** An answer of 64 KiB has room for a thousand; nobody waits for so many connections. */
const MOST_RIVALS = 128;

/** One domain as it is configured, and who can read it. */
export interface DoctorDomain {
  readonly registration: DnsRegistration;
  readonly registrar: Pick<DnsRegistrar, "inspect" | "seenBySystem">;
  /** Whether its primary is named in the configuration, so that no other name server is needed. */
  readonly namesServer: boolean;
  /** Not configured here: its record is an administrator's to keep. */
  readonly byHand: boolean;
  /** Whether the server accepts this box's updates; asks nothing that changes anything. */
  update(signal: AbortSignal): Promise<UpdateFact> | UpdateFact;
}

export interface DomainParts {
  readonly names: NameLookup;
  readonly hosts: HostMeeter;
  /** This machine's addresses. */
  readonly addresses: () => Promise<readonly string[]>;
  readonly ownThumbprint: string | null;
  readonly coexist: boolean;
  /** Whether machines on this one's links find this box by mDNS. */
  readonly isAnnounced: () => Promise<boolean>;
  readonly signal: AbortSignal;
}

/** What is looked at once and judged several times. */
interface Looks {
  readonly records: () => Promise<DnsFindings | DnsFailure>;
  readonly rivals: () => Promise<readonly Met[]>;
}

/** What can be wrong with one domain that the box writes, in the order of causes. */
export function domainChecks(domain: DoctorDomain, parts: DomainParts): Check[] {
  const { registration, namesServer } = domain;
  const looks = looksOf(domain, parts);
  const zone: Check = {
    id: `zone:${registration.domain}`,
    title: `Zone of ${registration.domain}`,
    needs: [namesServer ? "address" : "name-servers"],
    look: async () => judgeZone(registration.domain, await looks.records()),
  };
  const others = [...rivalChecks(domain, parts, looks), ...recordChecks(domain, parts, looks)];
  return [zone, ...others.map((check) => ({ ...check, needs: [zone.id, ...check.needs] }))];
}

function looksOf({ registration, registrar }: DoctorDomain, parts: DomainParts): Looks {
  const records = once(() => inspected(registrar.inspect(registration, parts.signal)));
  const rivals = once(async () => {
    const found = await records();
    if ("code" in found) return [];
    return Promise.all(
      found.rivals.slice(0, MOST_RIVALS).map(async ({ target, port }) => {
        const meeting = await parts.hosts.meet({ target, port }, found.server);
        return { target, port, meeting };
      }),
    );
  });
  return { records, rivals };
}

/** What came of asking a zone's primary. */
export async function inspected(found: Promise<DnsFindings>): Promise<DnsFindings | DnsFailure> {
  try {
    return await found;
  } catch (error) {
    if (!(error instanceof DnsFailedError)) throw error;
    return { code: error.code, reason: error.message };
  }
}

type Judge = (records: DnsFindings) => ReturnType<Check["look"]>;

/** Judges what the zone has, or says why nobody knows. */
function judged({ records }: Looks, judge: Judge): Check["look"] {
  return async () => {
    const found = await records();
    return "code" in found ? skipped(found.reason) : judge(found);
  };
}

function rivalChecks({ registration }: DoctorDomain, parts: DomainParts, looks: Looks): Check[] {
  const { name, domain } = registration;
  return [
    {
      id: `hosts-gone:${domain}`,
      title: "Hosts that are gone",
      needs: [],
      look: judged(looks, async () => judgeStale(name, await looks.rivals())),
    },
    {
      id: `rivals:${domain}`,
      title: "Other hosts",
      needs: [],
      look: judged(looks, async () => judgeRivals(name, await looks.rivals(), parts)),
    },
  ];
}

function recordChecks(domain: DoctorDomain, parts: DomainParts, looks: Looks): Check[] {
  const { registration } = domain;
  const record = `record:${registration.domain}`;
  return [
    {
      id: `update:${registration.domain}`,
      title: "Updates allowed",
      needs: [],
      look: async () => judgeUpdate(registration.domain, await domain.update(parts.signal)),
    },
    {
      id: record,
      title: "SRV record",
      needs: [],
      look: judged(looks, (found) => judgeRecord(registration, found, parts.coexist)),
    },
    ...ownRecordChecks(domain, parts, looks).map((check) => ({ ...check, needs: [record] })),
  ];
}

function ownRecordChecks(
  { registration, registrar }: DoctorDomain,
  { names, addresses, signal }: DomainParts,
  looks: Looks,
): Omit<Check, "needs">[] {
  const { name, domain, target } = registration;
  const ifOurs = (judge: Judge) =>
    judged(looks, (found) =>
      found.oursPresent ? judge(found) : skipped("There is no record of ours."),
    );
  return [
    {
      id: `target:${domain}`,
      title: "Its address",
      look: ifOurs(async ({ server }) =>
        judgeTarget(target, await names.addressesOf(target, server), await addresses()),
      ),
    },
    {
      id: `seen:${domain}`,
      title: "Seen from here",
      look: ifOurs(async () => judgeSeen(name, await registrar.seenBySystem(registration, signal))),
    },
    {
      id: `ttl:${domain}`,
      title: "Time to live",
      look: ifOurs(({ ttlSeconds }) => judgeTtl(name, ttlSeconds)),
    },
  ];
}
