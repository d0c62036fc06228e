import type { FastifyBaseLogger } from "fastify";
import type { PinoEventLog } from "./adapters/log/pino-event-log.ts";
import { NodeClock, NodeTimers } from "./adapters/system/node-clock.ts";
import type { OpenBox } from "./compose-box.ts";
import type { Config } from "./config/schema.ts";
import type { Outlook } from "./domain/outlook.ts";
import type { PanelFacts } from "./panel/facts.ts";
import type { HistoryService } from "./services/history/history-service.ts";
import type { HostReport } from "./services/host-report.ts";
import type { PanelService } from "./services/panel/panel-service.ts";
import { PAGES_FOLDER } from "./version.ts";
import { PageAssets } from "./web/pages/assets.ts";
import { PageSite } from "./web/pages/page-site.ts";
import { StatusServer, type StatusServerParts } from "./web/status/status-server.ts";
import { StatusSource } from "./web/status/status-view.ts";

export interface StatusWiring {
  readonly box: Pick<OpenBox, "licences">;
  readonly events: PinoEventLog;
  readonly logger: FastifyBaseLogger;
  readonly report: HostReport;
  readonly facts: () => PanelFacts;
  readonly panel: PanelService | undefined;
  readonly history: HistoryService;
  readonly outlook: () => readonly Outlook[] | undefined;
  /** Of the administration; null while it is not served. */
  readonly httpsPort: () => number | null;
  /** A socket that was opened for it already. */
  readonly fd: number | undefined;
  readonly more?: StatusServerParts["more"];
}

/** The public page; `start` serves it. */
export function composeStatus({ bind, web }: Config, wiring: StatusWiring): PageSite {
  const { events, logger, panel, history, more = [], fd } = wiring;
  const source = new StatusSource({ ...wiring, licences: wiring.box.licences });
  const timers = new NodeTimers();
  return new PageSite({
    name: "The status page",
    scheme: "http",
    option: "web.port",
    place: { bind, port: web.port, fd },
    events,
    timers,
    make: async () =>
      new StatusServer({
        assets: await PageAssets.open(PAGES_FOLDER),
        view: () => source.read(),
        panel,
        history,
        listen: (changed) => events.listen(changed),
        clock: new NodeClock(),
        timers,
        logger,
        more,
      }),
  });
}
