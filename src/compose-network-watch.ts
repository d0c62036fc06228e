import { NodeTimers } from "./adapters/system/node-clock.ts";
import type { Config } from "./config/schema.ts";
import { networkChecks } from "./platform/network/network-checks.ts";
import { SystemNetwork } from "./platform/network/system-network.ts";
import { NetworkWatch } from "./services/doctor/network-watch.ts";

/** What looks at the network for the panel; `changed` is told when its faults are others. */
export function composeNetworkWatch({ dns }: Config, changed: () => void): NetworkWatch {
  const network = new SystemNetwork();
  const needed = dns.enabled && dns.domains.some(({ server }) => server === undefined);
  const name = dns.domains[0]?.domain ?? ".";
  const checks = () => networkChecks(network, { name, needed });
  return new NetworkWatch({ checks, changed, timers: new NodeTimers() });
}
