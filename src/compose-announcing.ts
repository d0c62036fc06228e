import { MulticastAnnouncer } from "./adapters/dns/multicast-announcer.ts";
import { NodeTimers } from "./adapters/system/node-clock.ts";
import type { Config } from "./config/schema.ts";
import { sha256 } from "./platform/ed25519.ts";
import { type LinkInterface, linkInterfaces } from "./platform/mdns-link.ts";
import type { EventLog } from "./ports/events.ts";
import type { Machine } from "./ports/machine.ts";
import { Announcing } from "./services/dns/announcing.ts";
import type { HostReport } from "./services/host-report.ts";

export interface AnnouncingWiring {
  readonly events: EventLog;
  readonly machine: Machine;
  readonly report: HostReport;
  readonly thumbprint: string;
  /** Where clients are served. */
  readonly port: number;
}

/** Tells this host's links of it. */
export function composeAnnouncing(
  { dns, bind }: Config,
  { events, machine, report, thumbprint, port }: AnnouncingWiring,
): Announcing {
  const timers = new NodeTimers();
  const links = () => linkInterfaces().flatMap((link) => servedPart(link, bind));
  return new Announcing({
    announcer: new MulticastAnnouncer({ timers, random: Math.random, links }),
    events,
    timers,
    sha256,
    describe: () => ({
      hostname: machine.hostname(),
      thumbprint,
      service: dns.service,
      port,
      products: report.host().products.map(({ id }) => id),
    }),
  });
}

/** A host that listens on some addresses only is of no use on the others. */
function servedPart(link: LinkInterface, bind: string): LinkInterface[] {
  const cidrs = link.cidrs.filter(
    (cidr) =>
      bind === "::" || (bind === "0.0.0.0" && !cidr.includes(":")) || cidr.startsWith(`${bind}/`),
  );
  return cidrs.length > 0 ? [{ ...link, cidrs }] : [];
}
