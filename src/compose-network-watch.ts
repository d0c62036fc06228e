import { NodeTimers } from "./adapters/system/node-clock.ts";
import type { Config } from "./config/schema.ts";
import { addressUseCheck, networkChecks } from "./platform/network/network-checks.ts";
import { SystemNetwork } from "./platform/network/system-network.ts";
import type { EventLog } from "./ports/events.ts";
import { NetworkWatch } from "./services/doctor/network-watch.ts";

/** What looks at the network for panel and log; `changed` is told when the panel's faults are others. */
export function composeNetworkWatch(
  { dns }: Config,
  events: EventLog,
  changed: () => void,
): NetworkWatch {
  const network = new SystemNetwork();
  const needed = dns.enabled && dns.domains.some(({ server }) => server === undefined);
  const name = dns.domains[0]?.domain ?? ".";
  const checks = () => [...networkChecks(network, { name, needed }), addressUseCheck(network)];
  return new NetworkWatch({ checks, events, changed, timers: new NodeTimers() });
}
