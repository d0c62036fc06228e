import type { Logger } from "pino";
import type { PinoEventLog } from "./adapters/log/pino-event-log.ts";
import { takeEndMark } from "./adapters/system/end-mark.ts";
import { LinuxMachine } from "./adapters/system/linux-machine.ts";
import { LinuxMachineProbe } from "./adapters/system/linux-machine-probe.ts";
import { NodeClock, NodeTimers } from "./adapters/system/node-clock.ts";
import { NoPowerSwitch, UnitPowerSwitch } from "./adapters/system/unit-power-switch.ts";
import { readUpgradeOutcome } from "./adapters/system/upgrade-outcome-file.ts";
import {
  factoryReset,
  installDemonstration,
  type OpenBox,
  type OpenStore,
  openBox,
} from "./compose-box.ts";
import { composeFacts, type PanelFactsWiring } from "./compose-panel.ts";
import type { Loading } from "./compose-settings.ts";
import type { Config } from "./config/schema.ts";
import type { PowerSwitch } from "./ports/power-switch.ts";
import { BackupNews } from "./services/backup-news.ts";
import { Endings } from "./services/endings.ts";
import { HealthService } from "./services/health/health-service.ts";
import { HostReport } from "./services/host-report.ts";
import { RunRecord } from "./services/run-record.ts";
import { UpgradeNews } from "./services/upgrade-news.ts";
import { VERSION } from "./version.ts";

/** What was begun, to be ended in reverse order. */
export type Stops = (() => Promise<void>)[];

export interface GroundOptions {
  /** Makes a demonstration vendor and product if no licence is installed. */
  readonly demo: boolean;
  readonly openStore?: OpenStore;
  /** Where the configuration came from, if it is to be changed while the service runs. */
  readonly loading?: Loading | undefined;
}

/** What the service stands on: its state, its machine, and why it was started. */
export interface Ground {
  readonly config: Config;
  readonly logger: Logger;
  readonly events: PinoEventLog;
  readonly clock: NodeClock;
  readonly box: OpenBox;
  readonly machine: LinuxMachine;
  readonly endings: Endings;
  readonly run: RunRecord;
  readonly upgrade: UpgradeNews;
  readonly health: HealthService;
  readonly report: HostReport;
  readonly news: BackupNews;
  readonly facts: PanelFactsWiring;
}

/**
 * Opens the state folder and begins what needs nothing but that.
 *
 * @param stops takes what ends it again, also where it fails halfway
 */
export async function layGround(
  given: Config,
  log: Pick<Ground, "logger" | "events">,
  options: GroundOptions,
  stops: Stops,
): Promise<Ground> {
  const clock = new NodeClock();
  const { events } = log;
  const box = await openBox(given, events, options.openStore, options.loading);
  stops.push(() => box.store.close());
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
  run.start();
  const outcome = await readUpgradeOutcome();
  const upgrade = new UpgradeNews({ ...box, version: VERSION, outcome });
  upgrade.start();
  stops.push(() => run.end(endings.reached));
  stops.push(async () => box.clockSources.stop());
  await box.clockSources.start();
  if (options.demo) await installDemonstration(box, config);
  const health = composeHealth(config, box, machine, run);
  health.start();
  stops.push(() => health.stop());
  const report = new HostReport(box);
  const news = new BackupNews({ events, clock });
  const facts = composeFacts(
    { ...box, report, machine, lastStart: run.lastStart, seen: () => health.latest, news },
    config,
  );
  stops.push(() => facts.stop());
  return {
    ...{ ...log, config, clock, box, machine, endings, run },
    ...{ upgrade, health, report, news, facts },
  };
}

function composeHealth(
  config: Config,
  box: OpenBox,
  machine: LinuxMachine,
  { lastStart }: RunRecord,
): HealthService {
  return new HealthService({
    ...box,
    ...config.flash,
    probe: new LinuxMachineProbe(config.data, machine),
    timers: new NodeTimers(),
    lastStart,
  });
}

/** Only systemd makes such a folder, and its units come with that. */
function composePowerSwitch({ RUNTIME_DIRECTORY }: NodeJS.ProcessEnv): PowerSwitch {
  return RUNTIME_DIRECTORY ? new UnitPowerSwitch(RUNTIME_DIRECTORY) : new NoPowerSwitch();
}
