import { KerberosTickets } from "./adapters/dns/kerberos.ts";
import { NsupdateRegistrar } from "./adapters/dns/nsupdate-registrar.ts";
import type { TicketSource } from "./adapters/dns/ticket-source.ts";
import { tryUpdate } from "./adapters/dns/update-trial.ts";
import { HttpHostMeeter } from "./adapters/doctor/http-host-meeter.ts";
import { ResolverNameLookup } from "./adapters/doctor/resolver-name-lookup.ts";
import { SntpTimeServers } from "./adapters/doctor/sntp-time-servers.ts";
import { LinuxMachine } from "./adapters/system/linux-machine.ts";
import { NodeClock, NodeTimers } from "./adapters/system/node-clock.ts";
import { MdnsFinder } from "./client/mdns-finder.ts";
import { searchDomains } from "./client/search-domains.ts";
import { accessOf, servedAddresses } from "./compose-dns.ts";
import type { Config } from "./config/schema.ts";
import { type DomainReport, registrationOf } from "./domain/dns-registration.ts";
import type { UpdateFact } from "./domain/doctor/dns-facts.ts";
import type { Judgement } from "./domain/doctor/finding.ts";
import { judgeMdns } from "./domain/doctor/host-judgements.ts";
import { type Check, once } from "./domain/doctor/run-checks.ts";
import type { Diagnosis } from "./domain/doctor/summary.ts";
import { MINUTE_MS } from "./domain/units.ts";
import { addressUseCheck, networkChecks } from "./platform/network/network-checks.ts";
import { SystemNetwork } from "./platform/network/system-network.ts";
import type { Machine } from "./ports/machine.ts";
import { BoxDoctor } from "./services/doctor/box-doctor.ts";
import type { DoctorDomain } from "./services/doctor/domain-checks.ts";
import type { RunningBox } from "./services/doctor/own-checks.ts";

/** A resolver searches in a few; more would only be asked in vain. */
const MOST_SEARCH_DOMAINS = 3;

export interface DoctorWiring {
  readonly machine: Machine;
  /** Null if none runs. */
  readonly box: RunningBox | null;
  /** Why none does, and what to do, as a message for a person. */
  readonly absence?: string;
  /** How publishing stands; none where it does not run. */
  readonly reports: () => readonly DomainReport[];
}

type DomainConfig = Config["dns"]["domains"][number];

/**
 * Examines a box that runs, or the network of one that does not.
 *
 * @param progress told the titles of what is still looked at
 */
export async function examineBox(
  config: Config,
  wiring: DoctorWiring,
  progress?: (running: readonly string[]) => void,
): Promise<Diagnosis> {
  const tickets = new KerberosTickets({ clock: new NodeClock() });
  try {
    return await composeDoctor(config, { ...wiring, tickets }).examine(progress);
  } finally {
    await tickets.close();
  }
}

interface FullWiring extends DoctorWiring {
  readonly tickets: TicketSource;
}

function composeDoctor(config: Config, wiring: FullWiring): BoxDoctor {
  const { machine, box } = wiring;
  const network = new SystemNetwork();
  const names = new ResolverNameLookup();
  const served = () => servedAddresses(config.bind, machine);
  const heard = heardByMdns(config, wiring);
  return new BoxDoctor({
    box,
    names,
    absence: wiring.absence ?? "No box runs.",
    timers: new NodeTimers(),
    hosts: new HttpHostMeeter(names),
    time: new SntpTimeServers(),
    freeBytes: () => machine.freeBytes(),
    addresses: async () => [...new Set([...served(), ...machine.addresses()])],
    servedAddresses: served,
    clockSkewMs: config.policy.clockSkewMinutes * MINUTE_MS,
    coexist: config.dns.coexist,
    networkChecks: (needs) => networkChecks(network, needs),
    addressUseCheck: addressUseCheck(network),
    mdnsCheck: heard && mdnsCheck(heard),
    isAnnounced: async () => heard !== null && (await heard()).result === "ok",
    domains: () => doctorDomains(config, wiring),
    usesDns: config.dns.enabled,
  });
}

/** The configured domains, else those in which an administrator may keep a record. */
async function doctorDomains(config: Config, wiring: FullWiring): Promise<DoctorDomain[]> {
  const { enabled, domains } = config.dns;
  if (!enabled) return [];
  if (domains.length > 0) return domains.map((each) => doctorDomain(config, wiring, each));
  const found = (await searchDomains()).filter((domain) => domain !== "local");
  return found.slice(0, MOST_SEARCH_DOMAINS).map((domain) => {
    const usual = { priority: 0, weight: 100, publishAddresses: true };
    return { ...doctorDomain(config, wiring, { domain, ...usual }), byHand: true };
  });
}

function doctorDomain(
  { dns, port, bind }: Config,
  { machine, box, tickets, reports }: FullWiring,
  domain: DomainConfig,
): DoctorDomain {
  const host = {
    ...dns,
    hostname: machine.hostname(),
    port: box?.port ?? port,
    addresses: servedAddresses(bind, machine),
  };
  const access = accessOf(domain);
  const registration = registrationOf(host, domain);
  return {
    registration,
    registrar: new NsupdateRegistrar({ access, coexist: dns.coexist, tickets }),
    namesServer: domain.server !== undefined,
    byHand: false,
    update: async (signal): Promise<UpdateFact> => {
      const known = reports().find((each) => each.registration.domain === registration.domain);
      if (known && known.state.state !== "pending") return known.state;
      if (access.tsigKeyFile === undefined && access.keytab === undefined) {
        return known?.state ?? { state: "no-credentials" };
      }
      const failure = await tryUpdate(registration, access, tickets, signal);
      return { state: "trial", failure };
    },
  };
}

/** Asks this machine's own links, as a client does, once; null where nothing is announced. */
function heardByMdns(
  { dns }: Config,
  { machine, box }: DoctorWiring,
): (() => Promise<Judgement>) | null {
  if (!dns.enabled || !dns.mdns || !box) return null;
  return once(async () => {
    const finder = new MdnsFinder({ service: dns.service, random: Math.random });
    const { hosts } = await finder.find();
    const ours = machine.addresses().map((host) => ({ host, port: box.port }));
    return judgeMdns(hosts, ours);
  });
}

function mdnsCheck(look: () => Promise<Judgement>): Check {
  return { id: "mdns", title: "mDNS", needs: ["link"], look };
}

/**
 * Checks the network and DNS by the configuration, where no box does it.
 *
 * @param absence why none does, as a message for a person
 */
export function examineWithoutBox(
  config: Config,
  absence: string,
  progress: (running: readonly string[]) => void,
): Promise<Diagnosis> {
  const machine = new LinuxMachine({ folder: config.data });
  return examineBox(config, { machine, absence, box: null, reports: () => [] }, progress);
}

/** Whether another machine has this one's address. */
export async function lookForAddressUse(): Promise<Judgement> {
  return addressUseCheck(new SystemNetwork()).look();
}
