import { NsupdateRegistrar } from "./adapters/dns/nsupdate-registrar.ts";
import type { TicketSource } from "./adapters/dns/ticket-source.ts";
import { tryUpdate } from "./adapters/dns/update-trial.ts";
import { HttpHostMeeter } from "./adapters/doctor/http-host-meeter.ts";
import { ResolverNameLookup } from "./adapters/doctor/resolver-name-lookup.ts";
import { SntpTimeServers } from "./adapters/doctor/sntp-time-servers.ts";
import { NodeTimers } from "./adapters/system/node-clock.ts";
import { MdnsFinder } from "./client/mdns-finder.ts";
import { searchDomains } from "./client/search-domains.ts";
import type { Config } from "./config/schema.ts";
import { type DomainReport, registrationOf } from "./domain/dns-registration.ts";
import type { UpdateFact } from "./domain/doctor/dns-facts.ts";
import { judgeMdns } from "./domain/doctor/host-judgements.ts";
import type { Check } from "./domain/doctor/run-checks.ts";
import { MINUTE_MS } from "./domain/units.ts";
import { addressUseCheck, networkChecks } from "./platform/network/network-checks.ts";
import { SystemNetwork } from "./platform/network/system-network.ts";
import type { DnsAccess } from "./ports/dns.ts";
import type { Machine } from "./ports/machine.ts";
import { BoxDoctor } from "./services/doctor/box-doctor.ts";
import type { DoctorDomain } from "./services/doctor/domain-checks.ts";
import type { RunningBox } from "./services/doctor/own-checks.ts";

/** A resolver searches in a few; more would only be asked in vain. */
const MOST_SEARCH_DOMAINS = 3;

export interface DoctorWiring {
  readonly machine: Machine;
  readonly tickets: TicketSource;
  /** Null if none runs. */
  readonly box: RunningBox | null;
  /** How publishing stands; none where it does not run. */
  readonly reports: () => readonly DomainReport[];
}

type DomainConfig = Config["dns"]["domains"][number];

/** The doctor of a box that runs, or of one that does not. */
export function composeDoctor(config: Config, wiring: DoctorWiring): BoxDoctor {
  const { machine, box } = wiring;
  const network = new SystemNetwork();
  const names = new ResolverNameLookup();
  return new BoxDoctor({
    box,
    names,
    folder: config.data,
    timers: new NodeTimers(),
    hosts: new HttpHostMeeter(names),
    time: new SntpTimeServers(),
    freeBytes: () => machine.freeBytes(),
    addresses: async () => machine.addresses(),
    servedAddresses: () => servedAddresses(config, machine),
    clockSkewMs: config.policy.clockSkewMinutes * MINUTE_MS,
    coexist: config.dns.coexist,
    networkChecks: (needs) => networkChecks(network, needs),
    addressUseCheck: addressUseCheck(network),
    mdnsCheck: mdnsCheck(config, wiring),
    domains: () => doctorDomains(config, wiring),
  });
}

/** Where clients are told to go: every address, unless the host listens on one only. */
function servedAddresses({ bind }: Config, machine: Machine): readonly string[] {
  const all = machine.addresses();
  if (bind === "::") return all;
  return bind === "0.0.0.0" ? all.filter((address) => !address.includes(":")) : [bind];
}

/** The configured domains, else those in which an administrator may keep a record. */
async function doctorDomains(config: Config, wiring: DoctorWiring): Promise<DoctorDomain[]> {
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
  { dns, port }: Config,
  { machine, box, tickets, reports }: DoctorWiring,
  domain: DomainConfig,
): DoctorDomain {
  const host = {
    ...dns,
    hostname: machine.hostname(),
    port: box?.port ?? port,
    addresses: machine.addresses(),
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

function accessOf({ server, tsigKeyFile, keytab, principal }: DomainConfig): DnsAccess {
  return {
    ...(server !== undefined && { server }),
    ...(tsigKeyFile !== undefined && { tsigKeyFile }),
    ...(keytab !== undefined && { keytab }),
    ...(principal !== undefined && { principal }),
  };
}

/** Asks this machine's own links, as a client does. */
function mdnsCheck({ dns }: Config, { machine, box }: DoctorWiring): Check | null {
  if (!dns.enabled || !dns.mdns || !box) return null;
  return {
    id: "mdns",
    title: "mDNS",
    needs: ["link"],
    look: async () => {
      const finder = new MdnsFinder({ service: dns.service, random: Math.random });
      const { hosts } = await finder.find();
      const ours = machine.addresses().map((host) => ({ host, port: box.port }));
      return judgeMdns(hosts, ours);
    },
  };
}
