import { KerberosTickets } from "./adapters/dns/kerberos.ts";
import { NsupdateRegistrar } from "./adapters/dns/nsupdate-registrar.ts";
import { NodeClock, NodeTimers } from "./adapters/system/node-clock.ts";
import { listensEverywhere } from "./config/config.ts";
import type { Config } from "./config/schema.ts";
import { SECOND_MS } from "./domain/units.ts";
import type { DnsAccess } from "./ports/dns.ts";
import type { EventLog } from "./ports/events.ts";
import type { Machine } from "./ports/machine.ts";
import type { CmidStore } from "./ports/store.ts";
import { DnsRegistrationService } from "./services/dns/registration.ts";

export interface RegistrationWiring {
  readonly store: CmidStore;
  readonly events: EventLog;
  readonly machine: Machine;
  /** Where clients are served. */
  readonly address: string;
  readonly port: number;
}

/** What keeps this host published in its domains. */
export interface Registration {
  readonly service: DnsRegistrationService;
  /** Ends in little over 3 s; removes the records first if told to. */
  stop(withdraw: boolean): Promise<void>;
}

export function composeRegistration(
  { dns }: Config,
  { store, events, machine, address, port }: RegistrationWiring,
): Registration {
  const { service: label, host, ttlSeconds, coexist } = dns;
  const tickets = new KerberosTickets({ clock: new NodeClock() });
  const service = new DnsRegistrationService({
    store,
    events,
    clock: new NodeClock(),
    timers: new NodeTimers(),
    random: Math.random,
    checkMs: dns.checkSeconds * SECOND_MS,
    domains: dns.domains.map((domain) => ({ ...domain, access: accessOf(domain) })),
    registrarFor: (access) => new NsupdateRegistrar({ access, coexist, tickets }),
    host: () => ({
      service: label,
      host,
      ttlSeconds,
      port,
      hostname: machine.hostname(),
      addresses: servedAddresses(address, machine),
    }),
  });
  const stop = async (withdraw: boolean) => {
    await service.stop({ withdraw });
    await tickets.close();
  };
  return { service, stop };
}

/** How a configured domain is written. */
export function accessOf({
  server,
  tsigKeyFile,
  keytab,
  principal,
}: Config["dns"]["domains"][number]): DnsAccess {
  return {
    ...(server !== undefined && { server }),
    ...(tsigKeyFile !== undefined && { tsigKeyFile }),
    ...(keytab !== undefined && { keytab }),
    ...(principal !== undefined && { principal }),
  };
}

/** Where clients are told to go: every address, unless the host listens on one only. */
export function servedAddresses(bound: string, machine: Pick<Machine, "addresses">): string[] {
  if (!listensEverywhere(bound)) return [bound];
  const all = [...machine.addresses()];
  return bound === "::" ? all : all.filter((address) => !address.includes(":"));
}
