import type { FastifyBaseLogger } from "fastify";
import { NodeTimers } from "./adapters/system/node-clock.ts";
import { composeActivation } from "./compose-activation.ts";
import type { OpenBox } from "./compose-box.ts";
import type { Registration, RegistrationWiring } from "./compose-dns.ts";
import type { Ground, Stops } from "./compose-ground.ts";
import type { PanelFactsWiring } from "./compose-panel.ts";
import { exemption, listen } from "./compose-web.ts";
import { policyOf } from "./config/config.ts";
import type { Config } from "./config/schema.ts";
import { ActivationTally } from "./services/activation-tally.ts";
import { DNS_DOCUMENT } from "./services/dns/dns-record-keeper.ts";
import type { DnsRegistrationService } from "./services/dns/registration.ts";
import type { Endings } from "./services/endings.ts";
import { Housekeeping } from "./services/housekeeping.ts";
import { FleetMemory } from "./services/insight/fleet-memory.ts";
import { SourceLimits } from "./services/source-limits.ts";
import { VERSION } from "./version.ts";
import { PublicServer } from "./web/public-server.ts";

/** Clients are served. */
export interface ClientService {
  readonly address: string;
  readonly port: number;
  /** Address and port, as people write it. */
  readonly where: string;
  readonly tally: ActivationTally;
  readonly memory: FleetMemory;
  /** What publishes the host in DNS, if anything does; to be started. */
  readonly dns: DnsRegistrationService | undefined;
  readonly dnsReports: () => DnsRegistrationService["reports"];
}

/** Counts and activates from now on, until it is stopped. */
export async function serveClients(
  ground: Ground,
  httpLogger: FastifyBaseLogger,
  stops: Stops,
): Promise<ClientService> {
  const { config, box, clock, events, report, machine, endings, facts } = ground;
  stops.push(await installLicenceFile(config, box, facts));
  const limits = new SourceLimits({ ...config.rateLimit, isExempt: exemption(config) });
  const tally = new ActivationTally();
  const memory = new FleetMemory({ ...box, clock, policy: policyOf(config) });
  const activation = composeActivation(config, box, { clock, limits, tally, witness: memory });
  const housekeeping = new Housekeeping({ ...box, activation, timers: new NodeTimers() });
  await housekeeping.start();
  stops.push(() => housekeeping.stop());
  const server = new PublicServer({
    ...{ activation, report, limits, events, clock },
    logger: httpLogger,
    version: VERSION,
  });
  const { address, port } = await listen(server, config);
  const registration = await composeDns(config, { ...box, machine, address, port });
  facts.serves(port, registration?.service);
  stops.push(async () => {
    const withdraw = withdraws(config, endings);
    await Promise.all([server.stop(), registration?.stop(withdraw)]);
  });
  const where = address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
  const dns = registration?.service;
  return { address, port, where, tally, memory, dns, dnsReports: () => dns?.reports ?? [] };
}

/** Installs the licence that the configuration names, now or once the time is known. */
async function installLicenceFile(
  config: Config,
  box: OpenBox,
  facts: PanelFactsWiring,
): Promise<() => Promise<void>> {
  if (config.licence.file === "") return async () => undefined;
  const { composeLicenceFile } = await import("./compose-licence-file.ts");
  const licenceFile = composeLicenceFile(config, box);
  facts.licenceFile = licenceFile;
  await licenceFile.start();
  return () => licenceFile.stop();
}

/** What publishes the host in DNS; undefined if there is nothing to publish, and nothing to remove. */
async function composeDns(
  config: Config,
  wiring: RegistrationWiring,
): Promise<Registration | undefined> {
  const { enabled, domains } = config.dns;
  const leaves = wiring.store.documents.has(DNS_DOCUMENT);
  if (!enabled || (domains.length === 0 && !leaves)) return undefined;
  const { composeRegistration } = await import("./compose-dns.ts");
  return composeRegistration(config, wiring);
}

/** A box that begins anew must not be found under its former key. */
function withdraws({ dns }: Config, { reached }: Endings): boolean {
  return dns.withdrawAtStop || reached?.kind === "factory-reset";
}
