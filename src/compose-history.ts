import { HistoryFile } from "./adapters/flash/history-file.ts";
import type { PinoEventLog } from "./adapters/log/pino-event-log.ts";
import { NodeTimers } from "./adapters/system/node-clock.ts";
import type { OpenBox } from "./compose-box.ts";
import type { Config } from "./config/schema.ts";
import { HistoryService } from "./services/history/history-service.ts";
import type { HostReport } from "./services/host-report.ts";

/** How the counts went; looked at every minute from now on. */
export async function composeHistory(
  { data }: Config,
  { clock }: Pick<OpenBox, "clock">,
  events: PinoEventLog,
  report: HostReport,
): Promise<HistoryService> {
  const store = new HistoryFile(data);
  const history = new HistoryService({ clock, events, report, store, timers: new NodeTimers() });
  await history.start();
  events.listen((name) => {
    if (name === "threshold-lost" || name === "threshold-reached") history.look();
  });
  return history;
}
