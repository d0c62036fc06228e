import type { PinoEventLog } from "./adapters/log/pino-event-log.ts";
import type { AlertWiring } from "./compose-alerts.ts";
import type { AnnouncingWiring } from "./compose-announcing.ts";
import type { OpenBox } from "./compose-box.ts";
import type { InsightWiring } from "./compose-insight.ts";
import type { MetricsWiring } from "./compose-metrics.ts";
import type { PanelFactsWiring } from "./compose-panel.ts";
import type { Config } from "./config/schema.ts";
import type { EventLog } from "./ports/events.ts";
import type { AlertInsight } from "./services/alerts/alert-facts.ts";
import type { AlertService } from "./services/alerts/alert-service.ts";
import type { HistoryService } from "./services/history/history-service.ts";
import type { HostReport } from "./services/host-report.ts";
import type { InsightService } from "./services/insight/insight-service.ts";
import type { PanelService } from "./services/panel/panel-service.ts";

// What goes on beside serving clients. Each is loaded once they are served.

/** Loaded once clients are served. */
export async function keepHistory(
  config: Config,
  box: OpenBox,
  events: PinoEventLog,
  report: HostReport,
): Promise<HistoryService> {
  const { composeHistory } = await import("./compose-history.ts");
  return composeHistory(config, box, events, report);
}

/** Begins to look ahead; loaded once clients are served. */
export async function lookAhead(config: Config, wiring: InsightWiring): Promise<InsightService> {
  const { composeInsight } = await import("./compose-insight.ts");
  const insight = composeInsight(config, wiring);
  insight.start();
  return insight;
}

/** What of it alerts are about. */
export function alertInsight(latest: InsightService["latest"]): AlertInsight | undefined {
  if (!latest) return undefined;
  const { clones, products } = latest;
  const fallsMs = (id: string) =>
    products.find(({ product }) => product === id)?.fallsBelowMs ?? null;
  return { clones, fallsMs };
}

/** Begins to look for what somebody elsewhere is to be told of. */
export async function startAlerts(config: Config, wiring: AlertWiring): Promise<AlertService> {
  const { composeAlerts } = await import("./compose-alerts.ts");
  const alerts = composeAlerts(config, wiring);
  alerts.start();
  return alerts;
}

/** Begins to look at the network, for the log and the panel if there is one; the answer ends it. */
export async function watchNetwork(
  config: Config,
  events: EventLog,
  panel: PanelService | undefined,
  facts: PanelFactsWiring,
): Promise<() => Promise<void>> {
  const { composeNetworkWatch } = await import("./compose-network-watch.ts");
  const watch = composeNetworkWatch(config, events, () => panel?.changed());
  facts.watch = watch;
  watch.start();
  return async () => watch.stop();
}

/** Begins to tell the links of the host; the answer ends it. Loaded once clients are served. */
export async function announce(
  config: Config,
  wiring: AnnouncingWiring,
): Promise<() => Promise<void>> {
  if (!config.dns.enabled || !config.dns.mdns) return async () => undefined;
  const { composeAnnouncing } = await import("./compose-announcing.ts");
  const announcing = composeAnnouncing(config, wiring);
  announcing.start();
  return () => announcing.stop();
}

/** What the status page's server answers besides. Loaded once clients are served. */
export async function metricsRoutes(config: Config, wiring: MetricsWiring) {
  if (!config.metrics.enabled || !config.web.enabled) return [];
  const { composeMetricsRoute } = await import("./compose-metrics.ts");
  return [composeMetricsRoute(wiring)];
}
