import { plainName } from "../../domain/dns-names.ts";
import type { DnsRegistration, RivalRecord } from "../../domain/dns-registration.ts";
import { DnsFailedError, type DnsFindings } from "../../ports/dns.ts";
import { canonicalAddress, isSameSrv, srvOf } from "./dns-record.ts";
import type { Zone } from "./find-zone.ts";
import { foreignName } from "./foreign-name.ts";
import { duplicatesOf, rivalsOf, type SrvFound } from "./plan-update.ts";
import { ask, type FoundRecord, type Reply } from "./read-records.ts";

/** What a zone's primary has of a registration. */
export interface Standing {
  readonly srv: SrvFound;
  /** Addresses of the target; empty where they were not asked for. */
  readonly addresses: readonly string[];
}

/** Asks for the SRV records under a name. @throws {DnsFailedError} */
export async function readSrv(
  { server }: Zone,
  name: string,
  signal?: AbortSignal,
): Promise<SrvFound> {
  const [reply] = await ask(server, [{ name, type: "SRV" }], signal);
  const records = recordsOf(reply, name).filter(
    (record) => record.type === "SRV" && record.name === plainName(name),
  );
  return { records: records.map(parseSrv), ttlSeconds: records[0]?.ttlSeconds ?? null };
}

/** Asks for the addresses of a name, also by way of a CNAME. @throws {DnsFailedError} */
export async function readAddresses(
  { server }: Zone,
  name: string,
  signal?: AbortSignal,
): Promise<string[]> {
  const replies = await ask(
    server,
    [
      { name, type: "A" },
      { name, type: "AAAA" },
    ],
    signal,
  );
  return replies
    .flatMap((reply) => recordsOf(reply, name))
    .filter(({ type }) => type === "A" || type === "AAAA")
    .map(({ data }) => canonicalAddress(data));
}

function recordsOf(reply: Reply | undefined, name: string): readonly FoundRecord[] {
  const status = reply?.status ?? "no answer";
  if (reply?.truncated) {
    throw new DnsFailedError(
      "server-refused",
      `The records under ${name} are longer than an answer may be: delete those that nobody needs.`,
    );
  }
  if (reply && (status === "NOERROR" || status === "NXDOMAIN")) return reply.records;
  throw new DnsFailedError(
    "server-refused",
    `The name server does not answer for ${name} (${status}): look into its log.`,
  );
}

function parseSrv({ data }: FoundRecord): RivalRecord {
  const [priority, weight, port, target = ""] = data.split(/\s+/);
  return {
    target: foreignName(target),
    port: Number(port),
    priority: Number(priority),
    weight: Number(weight),
  };
}

export function hasOurs({ srv }: Standing, registration: DnsRegistration): boolean {
  const ours = srvOf(registration);
  return srv.records.some((record) => isSameSrv(record, ours));
}

export function hasAddresses({ addresses }: Standing, registration: DnsRegistration): boolean {
  return registration.addresses.every((each) => addresses.includes(canonicalAddress(each)));
}

/** The standing in the words of the port. */
export function findingsOf(
  standing: Standing,
  { server }: Zone,
  registration: DnsRegistration,
  ownAddresses: readonly string[] = [],
): DnsFindings {
  return {
    server: `${server.address}#${server.port}`,
    oursPresent: hasOurs(standing, registration),
    addressesRight: hasAddresses(standing, registration),
    ttlSeconds: standing.srv.ttlSeconds,
    rivals: rivalsOf(standing.srv.records, registration),
    duplicates: duplicatesOf(standing.srv.records, registration),
    ownAddresses,
  };
}
