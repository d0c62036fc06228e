import { settingsFaults } from "./adapters/flash/settings-file.ts";
import type { PinoEventLog } from "./adapters/log/pino-event-log.ts";
import { isRaspberryPi } from "./adapters/panel/board.ts";
import { I2cOledDisplay } from "./adapters/panel/i2c-oled-display.ts";
import { OLED_WIDTH } from "./adapters/panel/oled-commands.ts";
import { OnoffButton } from "./adapters/panel/onoff-button.ts";
import { OnoffLeds } from "./adapters/panel/onoff-leds.ts";
import { readPins } from "./adapters/panel/read-pins.ts";
import { readSetupFaults } from "./adapters/setup/setup-fault-file.ts";
import { NodeClock, NodeTimers } from "./adapters/system/node-clock.ts";
import { isForeground } from "./adapters/terminal/foreground.ts";
import { TerminalPanel } from "./adapters/terminal/terminal-panel.ts";
import type { Access } from "./compose-access.ts";
import { listensEverywhere } from "./config/config.ts";
import type { Config } from "./config/schema.ts";
import { SETUP_PATHS } from "./config/setup/setup-paths.ts";
import { SECOND_MS } from "./domain/units.ts";
import type { PanelFacts, PanelFault } from "./panel/facts.ts";
import type { EventLog } from "./ports/events.ts";
import type { BackupNews } from "./services/backup-news.ts";
import type { DnsRegistrationService } from "./services/dns/registration.ts";
import type { NetworkWatch } from "./services/doctor/network-watch.ts";
import type { Endings } from "./services/endings.ts";
import type { InsightService } from "./services/insight/insight-service.ts";
import { foresightFaults } from "./services/insight/panel-foresight.ts";
import type { LicenceFile } from "./services/licence-file.ts";
import { LapseCensus } from "./services/panel/lapse-census.ts";
import { type FactsParts, PanelFactsSource } from "./services/panel/panel-facts.ts";
import type { PanelFront } from "./services/panel/panel-fronts.ts";
import { PanelService } from "./services/panel/panel-service.ts";
import { VERSION } from "./version.ts";
import type { AdminParts } from "./web/api/admin-parts.ts";

export interface PanelWiring {
  readonly events: EventLog;
  /** Where the panel is drawn besides. */
  readonly terminal: TerminalPanel | undefined;
  /** Told in one line what the panel shows, whenever that changes. */
  readonly say: ((line: string) => void) | undefined;
}

/** The front panel; undefined if it is turned off. */
export async function composePanel(
  config: Config,
  wiring: PanelWiring,
): Promise<PanelService | undefined> {
  if (!config.panel) return undefined;
  const { display } = config;
  const hardware = (await isRaspberryPi()) ? await composeHardware(config) : undefined;
  return new PanelService({
    ...wiring,
    clock: new NodeClock(),
    timers: new NodeTimers(),
    size: { width: OLED_WIDTH, height: display.height },
    options: {
      pageMs: display.pageSeconds * SECOND_MS,
      dimAfterMs: display.dimAfterSeconds * SECOND_MS,
      offAfterMs: display.offAfterSeconds * SECOND_MS,
    },
    version: VERSION,
    hardware,
    mirrors: wiring.terminal ? [wiring.terminal] : [],
  });
}

/** The parts on the header's pins, at the places that the wiring diagram shows. */
async function composeHardware({ display }: Config): Promise<PanelFront> {
  const pins = await readPins();
  const clock = new NodeClock();
  const timers = new NodeTimers();
  return {
    display: new I2cOledDisplay({ settings: display, place: pins.display, timers }),
    leds: new OnoffLeds({ pins: pins.leds, timers }),
    button: new OnoffButton({ pin: pins.button, clock, timers }),
  };
}

/** The panel in this program's terminal; undefined if it has none, or has it not to itself. */
export function createTerminalPanel(): TerminalPanel | undefined {
  const { stdout } = process;
  if (!stdout.isTTY || !isForeground()) return undefined;
  return new TerminalPanel({
    input: process.stdin,
    output: stdout,
    clock: new NodeClock(),
    timers: new NodeTimers(),
  });
}

type Publisher = Pick<DnsRegistrationService, "reports">;

/** What the panel tells, and where it hears of what begins later. */
export interface PanelFactsWiring {
  read(serving: boolean): PanelFacts;
  /** Clients are served at a port; `dns` is what publishes the host, if anything does. */
  serves(port: number, dns: Publisher | undefined): void;
  /** What looks ahead, once it exists. */
  insight: Pick<InsightService, "latest"> | undefined;
  /** What looks at the network, once it exists. */
  watch: Pick<NetworkWatch, "faults"> | undefined;
  /** What installs a licence by itself, if anything does. */
  licenceFile: Pick<LicenceFile, "faults"> | undefined;
  /** What serves the box's pages, if anything does. */
  pages: { readonly port: number | null } | undefined;
  /** What administrators are let in by, once it exists. */
  admin: Pick<AdminParts, "audit" | "certificates"> | undefined;
  stop(): Promise<void>;
}

const AUDIT_BROKEN: PanelFault = {
  level: "attention",
  code: "audit-broken",
  title: "AUDIT LOG BROKEN",
  nextStep: "kms-box audit check tells; see audit.broken.log",
};

/** Counting the clients that lapse soon begins with it. */
export function composeFacts(
  parts: Pick<
    FactsParts,
    "store" | "clock" | "licences" | "report" | "machine" | "lastStart" | "seen"
  > & {
    readonly news: Pick<BackupNews, "faults">;
  },
  { bind, data }: Config,
): PanelFactsWiring {
  const timers = new NodeTimers();
  const nowMs = () => parts.clock.read().nowMs;
  const census = new LapseCensus({ ledger: parts.store.ledger, timers, nowMs });
  census.start();
  let served: { readonly port: number; readonly dns: Publisher | undefined } | undefined;
  const source = new PanelFactsSource({
    ...parts,
    census,
    version: VERSION,
    onlyAddress: listensEverywhere(bind) ? null : bind,
    port: () => served?.port ?? 0,
    webPort: () => wiring.pages?.port ?? null,
    dns: () => served?.dns?.reports ?? [],
    networkFaults: () => wiring.watch?.faults ?? [],
    setupFaults: () => [
      ...readSetupFaults(SETUP_PATHS.fault),
      ...(wiring.licenceFile?.faults ?? []),
      ...settingsFaults(data),
    ],
    backupFaults: () => parts.news.faults(),
    auditFaults: () => (wiring.admin?.audit.fault === undefined ? [] : [AUDIT_BROKEN]),
    fingerprint: () => wiring.admin?.certificates()?.facts.fingerprint,
    foresightFaults: () => foresightFaults(wiring.insight?.latest, nowMs()),
  });
  const wiring: PanelFactsWiring = {
    watch: undefined,
    insight: undefined,
    licenceFile: undefined,
    pages: undefined,
    admin: undefined,
    read: (serving) => source.read(serving),
    serves: (port, dns) => {
      served = { port, dns };
    },
    stop: async () => census.stop(),
  };
  return wiring;
}

/** What the panel shows of the ways in which the service ends. */
const SHOWN = {
  restart: "restarting",
  "factory-reset": "resetting",
  "power-off": "powering-off",
} as const;

/** The host serves: the panel follows what happens, and its button acts. */
export function connectPanel(
  panel: PanelService,
  events: PinoEventLog,
  endings: Endings,
  { codes, admin: { audit } }: Pick<Access, "codes" | "admin">,
): void {
  const record = (act: string) =>
    audit.record({ actor: "button", source: "panel", act, target: null, outcome: "done" });
  panel.serve({
    issueCode: () => {
      void record("show-code");
      return codes.issue();
    },
    restart: () => endings.requestRestart("button", record("restart")),
    powerOff: () => endings.requestPowerOff("button", record("power-off")),
    factoryReset: () => endings.requestFactoryReset("button", record("factory-reset")),
  });
  codes.onGone(() => panel.codeGone());
  events.listen((name) => {
    if (name === "request-received" || name === "request-refused") panel.contact();
    else panel.changed();
  });
  void endings.first.then(({ kind }) => {
    if (kind !== "signal") panel.end(SHOWN[kind]);
  });
}
