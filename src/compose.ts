import type { Logger } from "pino";
import { PinoEventLog } from "./adapters/log/pino-event-log.ts";
import { TimedatectlSetter } from "./adapters/system/clock/timedatectl-setter.ts";
import { takeEndMark } from "./adapters/system/end-mark.ts";
import { readKeptVersion } from "./adapters/system/kept-version.ts";
import { LinuxMachine } from "./adapters/system/linux-machine.ts";
import { LinuxMachineProbe } from "./adapters/system/linux-machine-probe.ts";
import { NodeClock, NodeTimers } from "./adapters/system/node-clock.ts";
import { adminSocketPath } from "./adapters/system/socket-path.ts";
import type { Supervision } from "./adapters/system/systemd-manager.ts";
import { NoPowerSwitch, UnitPowerSwitch } from "./adapters/system/unit-power-switch.ts";
import { readUpgradeOutcome } from "./adapters/system/upgrade-outcome-file.ts";
import type { TerminalPanel } from "./adapters/terminal/terminal-panel.ts";
import { composeAccess } from "./compose-access.ts";
import { composeActivation } from "./compose-activation.ts";
import type { AlertWiring } from "./compose-alerts.ts";
import type { AnnouncingWiring } from "./compose-announcing.ts";
import {
  factoryReset,
  installDemonstration,
  type OpenBox,
  type OpenStore,
  openBox,
} from "./compose-box.ts";
import type { Registration, RegistrationWiring } from "./compose-dns.ts";
import type { DoctorWiring } from "./compose-doctor.ts";
import type { InsightWiring } from "./compose-insight.ts";
import type { MetricsWiring } from "./compose-metrics.ts";
import type { Pages, PagesWiring } from "./compose-pages.ts";
import {
  composeFacts,
  composePanel,
  connectPanel,
  type PanelFactsWiring,
} from "./compose-panel.ts";
import type { LifeSignsWiring } from "./compose-service-manager.ts";
import type { Loading } from "./compose-settings.ts";
import { exemption, listen, startAdmin, statusOf } from "./compose-web.ts";
import { policyOf } from "./config/config.ts";
import type { Config } from "./config/schema.ts";
import type { Diagnosis } from "./domain/doctor/summary.ts";
import type { PowerSwitch } from "./ports/power-switch.ts";
import { ActivationEvents } from "./services/activation-events.ts";
import { ActivationTally } from "./services/activation-tally.ts";
import type { AlertInsight } from "./services/alerts/alert-facts.ts";
import { alertFamilies } from "./services/alerts/alert-families.ts";
import type { AlertService } from "./services/alerts/alert-service.ts";
import { BackupNews } from "./services/backup-news.ts";
import { ClientForgetter } from "./services/client-forgetter.ts";
import { ClockDesk } from "./services/clock-desk.ts";
import { DNS_DOCUMENT } from "./services/dns/dns-record-keeper.ts";
import { Endings } from "./services/endings.ts";
import { HealthService } from "./services/health/health-service.ts";
import type { HistoryService } from "./services/history/history-service.ts";
import { HostReport } from "./services/host-report.ts";
import { Housekeeping } from "./services/housekeeping.ts";
import { FleetMemory } from "./services/insight/fleet-memory.ts";
import type { InsightService } from "./services/insight/insight-service.ts";
import type { PanelService } from "./services/panel/panel-service.ts";
import { RunRecord } from "./services/run-record.ts";
import { SourceLimits } from "./services/source-limits.ts";
import { UpgradeNews } from "./services/upgrade-news.ts";
import { VERSION } from "./version.ts";
import type { ApiParts } from "./web/api/api.ts";
import type { RestoreParts } from "./web/api/restore-routes.ts";
import type { SettingsParts } from "./web/api/settings-routes.ts";
import { PublicServer } from "./web/public-server.ts";
import { SocketServer } from "./web/socket-server.ts";

/** A running service. */
export interface Service {
  readonly address: string;
  readonly socketPath: string;
  readonly box: OpenBox;
  /** Where a request to stop, to start again or to begin anew is made, and told. */
  readonly endings: Endings;
  /** Undefined if they are turned off. */
  readonly pages: Pages | undefined;
  /** Answers what was accepted, then closes everything, in under 5 s. */
  stop(): Promise<void>;
}

export interface ServiceOptions {
  /** Makes a demonstration vendor and product if no licence is installed. */
  readonly demo: boolean;
  readonly openStore?: OpenStore;
  /** What systemd gave, if it runs this. */
  readonly supervision?: Supervision | undefined;
  /** Sockets that it has opened, by their names: `http` and `https`. */
  readonly sockets?: ReadonlyMap<string, number>;
  /** Where the front panel is drawn besides. */
  readonly terminal?: TerminalPanel | undefined;
  /** Where the configuration came from, if it is to be changed while the service runs. */
  readonly loading?: Loading | undefined;
}

/** Wires and starts the whole host. */
export async function startService(
  config: Config,
  logger: Logger,
  options: ServiceOptions,
): Promise<Service> {
  const events = new PinoEventLog(logger, new NodeClock());
  const panel = await composePanel(config, {
    events,
    terminal: options.terminal,
    say: options.terminal || config.log.format === "json" ? undefined : sayTo(logger),
  });
  await panel?.start();
  try {
    const service = await startBox(config, logger, events, panel, options);
    const stop = async () => {
      try {
        await service.stop();
      } finally {
        // Last, for it says that the box may be unplugged.
        await panel?.stop();
      }
    };
    return { ...service, stop };
  } catch (error) {
    panel?.fail(error);
    await panel?.stop();
    throw error;
  }
}

/** The panel in words, for a person who reads the log and has no terminal for the picture. */
function sayTo(logger: Logger): (line: string) => void {
  return (line) => logger.info({ event: "panel" }, line);
}

async function startBox(
  given: Config,
  logger: Logger,
  events: PinoEventLog,
  panel: PanelService | undefined,
  options: ServiceOptions,
): Promise<Service> {
  const clock = new NodeClock();
  const box = await openBox(given, events, options.openStore, options.loading);
  const config = box.loaded?.config ?? given;
  const endings = new Endings({
    events,
    reset: factoryReset(config),
    power: composePowerSwitch(process.env),
  });
  const machine = new LinuxMachine({ folder: config.data });
  const killedBy = takeEndMark(config.data);
  const run = new RunRecord({
    ...box,
    clock,
    bootId: machine.bootId(),
    version: VERSION,
    killedBy,
  });
  const stops: (() => Promise<void>)[] = [() => box.store.close()];
  const stop = async () => {
    for (const each of stops.toReversed()) await each();
  };
  try {
    run.start();
    const outcome = await readUpgradeOutcome();
    const upgrade = new UpgradeNews({
      ...box,
      version: VERSION,
      outcome,
    });
    upgrade.start();
    stops.push(() => run.end(endings.reached));
    stops.push(async () => box.clockSources.stop());
    await box.clockSources.start();
    if (options.demo) await installDemonstration(box, config);
    const health = new HealthService({
      ...box,
      ...config.flash,
      probe: new LinuxMachineProbe(config.data, machine),
      timers: new NodeTimers(),
      lastStart: run.lastStart,
    });
    health.start();
    stops.push(() => health.stop());
    const report = new HostReport(box);
    const news = new BackupNews({ events, clock });
    const facts = composeFacts(
      { ...box, report, machine, lastStart: run.lastStart, seen: () => health.latest, news },
      config,
    );
    stops.push(() => facts.stop());
    panel?.inform((serving) => facts.read(serving));
    stops.push(await installLicenceFile(config, box, facts));
    const settings = await openSettings(box, logger, options.loading);
    const limits = new SourceLimits({ ...config.rateLimit, isExempt: exemption(config) });
    const tally = new ActivationTally();
    const memory = new FleetMemory({ ...box, clock, policy: policyOf(config) });
    const parts = { clock, limits, tally, witness: memory };
    const activation = composeActivation(config, box, parts);
    const housekeeping = new Housekeeping({ ...box, activation, timers: new NodeTimers() });
    await housekeeping.start();
    stops.push(() => housekeeping.stop());

    const httpLogger = logger.child({}, { level: "error" });
    const server = new PublicServer({
      activation,
      report,
      limits,
      events,
      clock,
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

    const history = await keepHistory(config, box, events, report);
    stops.push(() => history.stop());
    const reports = () => registration?.service.reports ?? [];
    let alerts: AlertService | undefined;
    const insight = await lookAhead(config, {
      ...{ ...box, memory },
      recentEvents: () => events.after(0),
    });
    facts.insight = insight;
    stops.push(() => insight.stop());
    const socketPath = adminSocketPath(config.data);
    const access = composeAccess(config, box);
    stops.push(() => access.admin.audit.stop());
    const api: ApiParts = {
      ...box,
      admin: access.admin,
      forgetter: new ClientForgetter({
        store: box.store,
        memory,
        events: new ActivationEvents(box.events, box.licences, clock),
      }),
      report,
      recentEvents: (after) => events.after(after),
      status: statusOf(box, report, { run, upgrade }, clock, where),
      clockDesk: new ClockDesk({ ...box, setter: new TimedatectlSetter() }),
      health,
      endings,
      panel,
      settings,
      restore: await openRestore(box),
      upgrade: { version: VERSION, outcome, kept: () => readKeptVersion(VERSION) },
      history,
      insight,
      backup: { news, read: () => readRunningBox(config, box) },
      dns: registration?.service,
      examine: doctorOf(config, {
        machine,
        box: { ...box, health, version: VERSION, thumbprint: box.signer.thumbprint, port },
        reports,
      }),
      alerts: () => alerts,
    };
    const admin = new SocketServer({ ...api, logger: httpLogger });
    stops.push(() => admin.stop());
    await startAdmin(admin, socketPath, events);
    if (panel) connectPanel(panel, events, endings, access);
    facts.admin = access.admin;
    void access.admin.audit.start();
    registration?.service.start();
    const { thumbprint } = box.signer;
    stops.push(await announce(config, { events, machine, report, thumbprint, port }));
    stops.push(await watchNetwork(config, events, panel, facts));
    alerts = await startAlerts(config, {
      ...box,
      report,
      machine,
      dns: reports,
      seen: () => health.latest,
      upgradeFailure: () => upgrade.failure,
      insight: () => alertInsight(insight.latest),
      auditFault: () => null,
    });
    stops.push(async () => alerts?.stop());
    stops.push(await giveLifeSigns(options.supervision, { ...box, report, address, port }));
    const pages = await servePages(config, {
      ...{ box, events, report, panel, history, logger: httpLogger },
      ...{ api, access, machine },
      more: await metricsRoutes(config, {
        ...{ ...box, report, tally, dns: reports },
        machine: () => health.latest,
        panel: () => panel?.snapshot().parts,
        others: [() => alertFamilies(alerts)],
      }),
      facts: () => facts.read(true),
      sockets: options.sockets,
      outlook: () => insight.outlook,
    });
    facts.pages = pages;
    if (pages) stops.push(() => pages.stop());
    return { address: where, socketPath, box, endings, pages, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What makes backups and restores, of a box that was started by its command. */
async function openRestore({ loaded, store }: OpenBox): Promise<RestoreParts | undefined> {
  if (!loaded) return undefined;
  return (await import("./compose-restore.ts")).composeRestore(loaded, store);
}

/** What of it alerts are about. */
function alertInsight(latest: InsightService["latest"]): AlertInsight | undefined {
  if (!latest) return undefined;
  const { clones, products } = latest;
  const fallsMs = (id: string) =>
    products.find(({ product }) => product === id)?.fallsBelowMs ?? null;
  return { clones, fallsMs };
}

/** Begins to look ahead; loaded once clients are served. */
async function lookAhead(config: Config, wiring: InsightWiring): Promise<InsightService> {
  const { composeInsight } = await import("./compose-insight.ts");
  const insight = composeInsight(config, wiring);
  insight.start();
  return insight;
}

/** What the administrator sets of a box that was started by its command. */
async function openSettings(
  { loaded, events }: OpenBox,
  logger: Logger,
  loading: Loading | undefined,
): Promise<SettingsParts | undefined> {
  if (!loaded || !loading) return undefined;
  const { composeSettings } = await import("./compose-settings.ts");
  return composeSettings({ loaded, load: loading.load, events, logger });
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

/** Loaded when somebody makes a backup. */
async function* readRunningBox({ data }: Config, box: OpenBox): AsyncGenerator<Uint8Array> {
  const { readBox } = await import("./compose-backup.ts");
  yield* readBox(data, box.store, box.clock.read().nowMs);
}

/** Loaded when somebody asks. */
function doctorOf(config: Config, wiring: DoctorWiring): () => Promise<Diagnosis> {
  return async () => (await import("./compose-doctor.ts")).examineBox(config, wiring);
}

/** Begins to look for what somebody elsewhere is to be told of. */
async function startAlerts(config: Config, wiring: AlertWiring): Promise<AlertService> {
  const { composeAlerts } = await import("./compose-alerts.ts");
  const alerts = composeAlerts(config, wiring);
  alerts.start();
  return alerts;
}

/** Begins to look at the network, for the log and the panel if there is one; the answer ends it. */
async function watchNetwork(
  config: Config,
  events: PinoEventLog,
  panel: PanelService | undefined,
  facts: PanelFactsWiring,
): Promise<() => Promise<void>> {
  const { composeNetworkWatch } = await import("./compose-network-watch.ts");
  const watch = composeNetworkWatch(config, events, () => panel?.changed());
  facts.watch = watch;
  watch.start();
  return async () => watch.stop();
}

/** Loaded once clients are served. */
async function keepHistory(
  config: Config,
  box: OpenBox,
  events: PinoEventLog,
  report: HostReport,
): Promise<HistoryService> {
  const { composeHistory } = await import("./compose-history.ts");
  return composeHistory(config, box, events, report);
}

/** What the status page's server answers besides. Loaded once clients are served. */
async function metricsRoutes(config: Config, wiring: MetricsWiring) {
  if (!config.metrics.enabled || !config.web.enabled) return [];
  const { composeMetricsRoute } = await import("./compose-metrics.ts");
  return [composeMetricsRoute(wiring)];
}

/** Undefined if they are turned off. Loaded once clients are served. */
async function servePages(config: Config, wiring: PagesWiring): Promise<Pages | undefined> {
  if (!config.web.enabled) return undefined;
  const { composePages } = await import("./compose-pages.ts");
  return composePages(config, wiring);
}

/** Begins to tell the links of the host; the answer ends it. Loaded once clients are served. */
async function announce(config: Config, wiring: AnnouncingWiring): Promise<() => Promise<void>> {
  if (!config.dns.enabled || !config.dns.mdns) return async () => undefined;
  const { composeAnnouncing } = await import("./compose-announcing.ts");
  const announcing = composeAnnouncing(config, wiring);
  announcing.start();
  return () => announcing.stop();
}

/** Only systemd makes such a folder, and its units come with that. */
function composePowerSwitch({ RUNTIME_DIRECTORY }: NodeJS.ProcessEnv): PowerSwitch {
  return RUNTIME_DIRECTORY ? new UnitPowerSwitch(RUNTIME_DIRECTORY) : new NoPowerSwitch();
}

/** Tells the service manager, if there is one, that the host serves; the answer tells that it stops. */
async function giveLifeSigns(
  supervision: Supervision | undefined,
  wiring: Omit<LifeSignsWiring, "supervision">,
): Promise<() => Promise<void>> {
  if (!supervision) return async () => undefined;
  const { composeLifeSigns } = await import("./compose-service-manager.ts");
  const signs = composeLifeSigns({ ...wiring, supervision });
  signs.start();
  return () => signs.stop();
}
