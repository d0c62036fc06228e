import { Resolver } from "node:dns/promises";
import { isIP } from "node:net";
import {
  enclosingNames,
  isSameName,
  type ServerAddress,
  splitServer,
} from "../../domain/dns-names.ts";
import { SECOND_MS } from "../../domain/units.ts";
import { DnsFailedError } from "../../ports/dns.ts";
import { ask, type Reply } from "./read-records.ts";

/** Where a name is kept: its closest enclosing zone and that zone's primary. */
export interface Zone {
  readonly zone: string;
  readonly server: ServerAddress;
}

export interface ZoneQuestion {
  readonly name: string;
  /** The domain that is configured, in which the name lies. */
  readonly domain: string;
}

const DNS_PORT = 53;
const ORDINARY = ["NOERROR", "NXDOMAIN", "REFUSED"];
const NOT_THERE = ["ENOTFOUND", "ENODATA"];

/** A resolver that gives up soon; it asks the system's servers unless others are named. */
export function hastyResolver(servers?: readonly string[], signal?: AbortSignal): Resolver {
  const resolver = new Resolver({ timeout: 2 * SECOND_MS, tries: 2 });
  if (servers) resolver.setServers(servers);
  signal?.addEventListener("abort", () => resolver.cancel(), { once: true });
  return resolver;
}

/**
 * The zone that a name lies in, as the named primary tells.
 *
 * @throws {DnsFailedError}
 */
export async function findZoneAt(
  server: string,
  question: ZoneQuestion,
  signal?: AbortSignal,
): Promise<Zone> {
  const primary = splitServer(server);
  if (!primary || isIP(primary.address) === 0) {
    throw noZone(`"${server}" is no ADDRESS or ADDRESS:PORT of a name server`);
  }
  const names = candidates(question);
  const questions = names.map((each) => ({ name: each, type: "SOA" as const }));
  const replies = await ask(primary, questions, signal);
  const zone = names.find((each, index) => {
    const reply = replies[index];
    return (
      reply?.authoritative &&
      reply.records.some((record) => record.type === "SOA" && record.name === each)
    );
  });
  if (zone !== undefined) return { zone, server: primary };
  throw noZoneAt(server, question, replies);
}

/**
 * The zone that a name lies in and its primary, by the SOA records that a resolver finds.
 *
 * @throws {DnsFailedError}
 */
export async function findZone(question: ZoneQuestion, resolver: Resolver): Promise<Zone> {
  for (const zone of candidates(question)) {
    const soa = await unlessMissing(zone, () => resolver.resolveSoa(zone));
    if (soa) return { zone, server: { address: await primaryOf(soa, resolver), port: DNS_PORT } };
  }
  throw noZone(
    `No zone was found for ${question.name}: check the domain, or name its primary as its server`,
  );
}

/** A registry's zone, such as `example`, takes nobody's updates: it counts only if it is meant. */
function candidates({ name, domain }: ZoneQuestion): string[] {
  return enclosingNames(name).filter((each) => each.includes(".") || isSameName(each, domain));
}

async function primaryOf({ nsname }: { nsname: string }, resolver: Resolver): Promise<string> {
  const found =
    (await unlessMissing(nsname, () => resolver.resolve4(nsname))) ??
    (await unlessMissing(nsname, () => resolver.resolve6(nsname)));
  const address = found?.[0];
  if (address !== undefined) return address;
  throw noZone(
    `The zone's primary ${nsname} has no address: name it by address as the domain's server`,
  );
}

async function unlessMissing<T>(name: string, look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (cause) {
    const { code = "failed" } = cause as NodeJS.ErrnoException;
    if (NOT_THERE.includes(code)) return undefined;
    if (code === "EREFUSED") throw refused(name, cause);
    throw new DnsFailedError(
      "server-unreachable",
      `This machine's name server gives no answer (${code}): check the network and /etc/resolv.conf.`,
      { cause },
    );
  }
}

/** Why a server tells of no zone: it has none, may not tell, or cannot. */
function noZoneAt(
  server: string,
  { name }: ZoneQuestion,
  replies: readonly Reply[],
): DnsFailedError {
  const statuses = replies.map(({ status }) => status);
  const failure = statuses.find((each) => !ORDINARY.includes(each));
  if (failure !== undefined) {
    const text = `${server} cannot tell the zone of ${name} (${failure}): look into its log.`;
    return new DnsFailedError("server-refused", text);
  }
  return statuses.includes("REFUSED")
    ? noZone(
        `${server} has no zone for ${name}, or may not tell this box (REFUSED): name the zone's primary ` +
          "as the domain's server, or let that one answer this box",
      )
    : noZone(`${server} has no zone for ${name}: name the zone's primary as the domain's server`);
}

/** The network is well, and the server too: it is the wrong one to ask. */
function refused(name: string, cause: unknown): DnsFailedError {
  return new DnsFailedError(
    "no-zone",
    `This machine's name server refuses to answer for ${name}, as one does that neither has the ` +
      "domain nor asks other servers: name the zone's primary as the domain's server, or let that " +
      "name server answer (on dnsmasq by local=/DOMAIN/).",
    { cause },
  );
}

function noZone(what: string): DnsFailedError {
  return new DnsFailedError("no-zone", `${what}.`);
}
