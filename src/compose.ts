import type { Logger } from "pino";
import { PinoEventLog } from "./adapters/log/pino-event-log.ts";
import { NodeClock } from "./adapters/system/node-clock.ts";
import { adminSocketPath } from "./adapters/system/socket-path.ts";
import type { Supervision } from "./adapters/system/systemd-manager.ts";
import type { TerminalPanel } from "./adapters/terminal/terminal-panel.ts";
import { type Access, composeAccess } from "./compose-access.ts";
import { composeApi } from "./compose-api.ts";
import type { OpenBox } from "./compose-box.ts";
import { type ClientService, serveClients } from "./compose-clients.ts";
import { type Ground, type GroundOptions, layGround, type Stops } from "./compose-ground.ts";
import * as lookout from "./compose-lookout.ts";
import type { Pages, PagesWiring } from "./compose-pages.ts";
import { composePanel, connectPanel } from "./compose-panel.ts";
import type { LifeSignsWiring } from "./compose-service-manager.ts";
import { startAdmin } from "./compose-web.ts";
import type { Config } from "./config/schema.ts";
import { alertFamilies } from "./services/alerts/alert-families.ts";
import type { AlertService } from "./services/alerts/alert-service.ts";
import type { Endings } from "./services/endings.ts";
import type { HistoryService } from "./services/history/history-service.ts";
import { insightFamilies } from "./services/insight/insight-families.ts";
import type { InsightService } from "./services/insight/insight-service.ts";
import type { PanelService } from "./services/panel/panel-service.ts";
import type { ApiParts } from "./web/api/api.ts";
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

export interface ServiceOptions extends GroundOptions {
  /** What systemd gave, if it runs this. */
  readonly supervision?: Supervision | undefined;
  /** Sockets that it has opened, by their names: `http` and `https`. */
  readonly sockets?: ReadonlyMap<string, number>;
  /** Where the front panel is drawn besides. */
  readonly terminal?: TerminalPanel | undefined;
  /** What kept it from starting, in words for a person: the panel shows them too. */
  readonly faultOf?: (error: unknown) => unknown;
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
    const fault = options.faultOf?.(error) ?? error;
    panel?.fail(fault);
    await panel?.stop();
    throw fault;
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
  const stops: Stops = [];
  const stop = async () => {
    for (const each of stops.toReversed()) await each();
  };
  try {
    const ground = await layGround(given, { logger, events }, options, stops);
    const { box, facts, endings } = ground;
    panel?.inform((serving) => facts.read(serving));
    const clients = await serveClients(ground, quiet(logger), stops);
    const beside = await goOnBeside(ground, clients, panel, options, stops);
    const { where: address } = clients;
    return {
      address,
      socketPath: adminSocketPath(ground.config.data),
      box,
      endings,
      ...beside,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** For servers, which tell of every request otherwise. */
function quiet(logger: Logger) {
  return logger.child({}, { level: "error" });
}

/** Clients are served; now for all that looks at that, and for those who administer it. */
async function goOnBeside(
  ground: Ground,
  clients: ClientService,
  panel: PanelService | undefined,
  options: ServiceOptions,
  stops: Stops,
): Promise<Pick<Service, "pages">> {
  const { config, box, events, report, machine, facts, endings } = ground;
  const { address, port, memory } = clients;
  const history = await lookout.keepHistory(config, box, events, report);
  stops.push(() => history.stop());
  const recentEvents = () => events.after(0);
  const insight = await lookout.lookAhead(config, { ...box, memory, recentEvents });
  facts.insight = insight;
  stops.push(() => insight.stop());
  const access = composeAccess(config, box);
  stops.push(() => access.admin.audit.stop());
  let alerts: AlertService | undefined;
  const api = await composeApi(ground, clients, {
    ...{ access, panel, history, insight, alerts: () => alerts },
    loading: options.loading,
  });
  const socket = new SocketServer({ ...api, logger: quiet(ground.logger) });
  stops.push(() => socket.stop());
  await startAdmin(socket, adminSocketPath(config.data), events);
  // Who waits for the start may use every command from here on; the rest is nothing to wait for.
  stops.push(await giveLifeSigns(options.supervision, { ...box, report, address, port }));
  if (panel) connectPanel(panel, events, endings, access);
  facts.admin = access.admin;
  void access.admin.audit.start();
  clients.dns?.start();
  const { thumbprint } = box.signer;
  stops.push(await lookout.announce(config, { events, machine, report, thumbprint, port }));
  stops.push(await lookout.watchNetwork(config, events, panel, facts));
  alerts = await lookout.startAlerts(config, alertWiring(ground, clients, insight, access));
  stops.push(async () => alerts?.stop());
  const pages = await servePages(ground, clients, {
    ...{ panel, options, api, access, alerts, history, insight },
  });
  facts.pages = pages;
  if (pages) stops.push(() => pages.stop());
  return { pages };
}

function alertWiring(
  { box, report, machine, health, upgrade }: Ground,
  { dnsReports }: ClientService,
  insight: InsightService,
  { admin: { audit } }: Pick<Access, "admin">,
) {
  return {
    ...{ ...box, report, machine, dns: dnsReports },
    seen: () => health.latest,
    upgradeFailure: () => upgrade.failure,
    insight: () => lookout.alertInsight(insight.latest),
    auditFault: () => audit.fault ?? null,
  };
}

interface PageParts {
  readonly panel: PanelService | undefined;
  readonly options: ServiceOptions;
  readonly api: ApiParts;
  readonly access: Access;
  readonly alerts: AlertService;
  readonly history: HistoryService;
  readonly insight: InsightService;
}

/** Undefined if they are turned off. */
async function servePages(
  { config, box, events, report, logger, machine, health, facts }: Ground,
  { tally, dnsReports }: ClientService,
  { panel, options, api, access, alerts, history, insight }: PageParts,
): Promise<Pages | undefined> {
  if (!config.web.enabled) return undefined;
  const more = await lookout.metricsRoutes(config, {
    ...{ ...box, report, tally, dns: dnsReports },
    machine: () => health.latest,
    panel: () => panel?.snapshot().parts,
    others: [() => alertFamilies(alerts), () => insightFamilies(insight.latest)],
  });
  const wiring: PagesWiring = {
    ...{ box, events, report, panel, history, logger: quiet(logger), api, access, machine, more },
    facts: () => facts.read(true),
    sockets: options.sockets,
    outlook: () => insight.outlook,
  };
  const { composePages } = await import("./compose-pages.ts");
  return composePages(config, wiring);
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
