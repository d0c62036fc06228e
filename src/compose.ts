import { randomBytes } from "node:crypto";
import { BlockList } from "node:net";
import { join } from "node:path";
import { type Logger, pino } from "pino";
import { FlashFactoryReset } from "./adapters/flash/flash-factory-reset.ts";
import { type BeforeRead, FlashStore } from "./adapters/flash/flash-store.ts";
import { hasKeyWithoutState, openHostKey } from "./adapters/keys/host-key-file.ts";
import { createVendorKey, readVendorKey } from "./adapters/keys/vendor-key-files.ts";
import { PinoEventLog } from "./adapters/log/pino-event-log.ts";
import { textLines } from "./adapters/log/text-lines.ts";
import { LinuxClockSource, SystemClockSource } from "./adapters/system/clock-sources.ts";
import { LinuxMachine } from "./adapters/system/linux-machine.ts";
import { NodeClock, NodeTimers } from "./adapters/system/node-clock.ts";
import { adminSocketPath } from "./adapters/system/socket-path.ts";
import type { TerminalPanel } from "./adapters/terminal/terminal-panel.ts";
import type { AnnouncingWiring } from "./compose-announcing.ts";
import type { Registration, RegistrationWiring } from "./compose-dns.ts";
import type { DoctorWiring } from "./compose-doctor.ts";
import { composeFacts, composePanel, connectPanel } from "./compose-panel.ts";
import { parseCidr, policyOf } from "./config/config.ts";
import type { Config } from "./config/schema.ts";
import type { Diagnosis } from "./domain/doctor/summary.ts";
import { ActivationLedger } from "./domain/ledger.ts";
import { SECOND_MS } from "./domain/units.ts";
import { NodeEd25519Verifier, sha256 } from "./platform/ed25519.ts";
import type { Clock } from "./ports/clock.ts";
import type { EventLog } from "./ports/events.ts";
import type { Signer } from "./ports/keys.ts";
import type { CmidStore } from "./ports/store.ts";
import { ActivationService } from "./services/activation.ts";
import { ActivationEvents } from "./services/activation-events.ts";
import {
  DEMO_VENDOR_NAME,
  DemonstrationRefusedError,
  makeDemoLicence,
} from "./services/demonstration.ts";
import { DNS_DOCUMENT } from "./services/dns/dns-record-keeper.ts";
import { Endings } from "./services/endings.ts";
import { HostClock } from "./services/host-clock.ts";
import { HostReport } from "./services/host-report.ts";
import { Housekeeping } from "./services/housekeeping.ts";
import { LICENCES_DOCUMENT, LicenceService } from "./services/licences.ts";
import type { PanelService } from "./services/panel/panel-service.ts";
import { RunRecord } from "./services/run-record.ts";
import { SourceLimits } from "./services/source-limits.ts";
import { tellBegunAnew, tellResetFinished, tellStoreNotices } from "./services/store-events.ts";
import { VERSION } from "./version.ts";
import { AdminServer } from "./web/admin-server.ts";
import { PublicServer } from "./web/public-server.ts";

/** Where the demonstration vendor's key is kept, below the state folder. */
const DEMO_VENDOR_FOLDER = "demo-vendor";

/** Addresses whose exemption from the limits is remembered. */
const KEPT_EXEMPTIONS = 4096;

/** A state folder that is open: what the commands on a stopped box need, and the service too. */
export interface OpenBox {
  readonly store: CmidStore;
  readonly signer: Signer;
  readonly licences: LicenceService;
  readonly clock: HostClock;
  readonly events: EventLog;
  /** Whether a factory reset was finished when it was opened. */
  readonly afterReset: boolean;
}

/** How the state is kept; benchmarks hold other ways against the usual one. */
export type OpenStore = (folder: string, beforeRead: BeforeRead) => Promise<CmidStore>;

const openFlashStore: OpenStore = (folder, beforeRead) =>
  FlashStore.open({
    folder,
    beforeRead,
    // A client chooses its key and so its CMID; it must not be able to choose its place as well.
    newLedger: () => new ActivationLedger(randomBytes(4).readUInt32LE()),
  });

function factoryReset({ data }: Config): FlashFactoryReset {
  return new FlashFactoryReset({ folder: data, vendorFolder: DEMO_VENDOR_FOLDER });
}

/** Opens the state folder for this process alone, after finishing a factory reset that is due. */
export async function openBox(
  config: Config,
  events: EventLog,
  openStore = openFlashStore,
): Promise<OpenBox> {
  const begunAnew = await hasKeyWithoutState(config.data);
  let afterReset = false;
  const store = await openStore(config.data, async (guard) => {
    afterReset = await factoryReset(config).finish(guard);
  });
  try {
    tellStoreNotices(store, events);
    if (begunAnew && !afterReset) tellBegunAnew(config.data, events);
    const signer = await openHostKey(config.data, store.documents.has(LICENCES_DOCUMENT));
    if (afterReset) tellResetFinished(signer.thumbprint, events);
    const source =
      config.clock.trust === "system" ? new SystemClockSource() : new LinuxClockSource();
    const clock = new HostClock(new NodeClock(), source, store);
    const verifier = new NodeEd25519Verifier();
    const licences = new LicenceService({ store, signer, verifier, sha256, events });
    await licences.start();
    return { store, signer, licences, clock, events, afterReset };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/**
 * Erases the box in a state folder that no process uses, at once.
 *
 * @returns false if there is no box in it
 * @throws {StorageLockedError} a process uses the folder
 * @throws {FactoryResetFailedError} it could not be recorded, or is left to the next start
 */
export function resetStoppedBox(config: Config): Promise<boolean> {
  return factoryReset(config).perform();
}

/** Makes the demonstration vendor and its licence, unless the box has a licence already. */
export async function installDemonstration(box: OpenBox, config: Config): Promise<void> {
  const [installed] = box.licences.book.licences;
  if (installed?.claims.iss === DEMO_VENDOR_NAME) return;
  if (installed) {
    throw new DemonstrationRefusedError(
      `${config.data} holds a licence of "${installed.claims.iss}", which is no demonstration. ` +
        "Leave --demo out, or try with another folder by --data.",
    );
  }
  const folder = join(config.data, DEMO_VENDOR_FOLDER);
  const vendor = (await readVendorKey(folder)) ?? (await createVendorKey(folder));
  const { nowMs } = box.clock.read();
  const { activationThreshold } = config.policy;
  const token = await makeDemoLicence(vendor, box.signer, randomBytes, nowMs, activationThreshold);
  await box.licences.install(token, { nowMs });
}

/** Lines are written together, once there are many or some time has passed. */
const LOG_BUFFER = { minLength: 8 * 1024, periodicFlush: 200 };

/** The log on standard output. */
export interface Log {
  readonly logger: Logger;
  /** Writes what is still in memory, at once; a closed pipe has nobody to read it. */
  readonly flush: () => void;
}

/**
 * Writes to standard output, as JSON without waiting for it.
 *
 * @param text takes the lines for a person
 */
export function createLog(
  { log }: Config,
  text: { write(text: string): unknown } = process.stdout,
): Log {
  if (log.format === "text") {
    return {
      logger: pino({ level: log.level }, textLines(text)),
      flush: () => undefined,
    };
  }
  const json = pino.destination({ dest: 1, sync: false, ...LOG_BUFFER });
  const flush = () => {
    try {
      json.flushSync();
    } catch {
      return;
    }
  };
  return { logger: pino({ level: log.level }, json), flush };
}

/** A running service. */
export interface Service {
  readonly address: string;
  readonly socketPath: string;
  readonly box: OpenBox;
  /** Where a request to stop, to start again or to begin anew is made, and told. */
  readonly endings: Endings;
  /** Answers what was accepted, then closes everything, in under 5 s. */
  stop(): Promise<void>;
}

export interface ServiceOptions {
  /** Makes a demonstration vendor and product if no licence is installed. */
  readonly demo: boolean;
  readonly openStore?: OpenStore;
  /** Where the front panel is drawn besides. */
  readonly terminal?: TerminalPanel | undefined;
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
  config: Config,
  logger: Logger,
  events: PinoEventLog,
  panel: PanelService | undefined,
  options: ServiceOptions,
): Promise<Service> {
  const clock = new NodeClock();
  const box = await openBox(config, events, options.openStore);
  const endings = new Endings({ events, reset: factoryReset(config) });
  const machine = new LinuxMachine({ folder: config.data });
  const run = new RunRecord({ ...box, clock, bootId: machine.bootId() });
  const stops: (() => Promise<void>)[] = [() => box.store.close()];
  const stop = async () => {
    for (const each of stops.toReversed()) await each();
  };
  try {
    run.start();
    stops.push(() => run.end(endings.reached));
    if (options.demo) await installDemonstration(box, config);
    const report = new HostReport(box);
    const facts = composeFacts({
      ...box,
      report,
      machine,
      lastStart: run.lastStart,
      onlyAddress: ["::", "0.0.0.0"].includes(config.bind) ? null : config.bind,
    });
    stops.push(facts.stop);
    panel?.inform(facts.read);
    const limits = new SourceLimits({ ...config.rateLimit, isExempt: exemption(config) });
    const activation = composeActivation(box, config, clock, limits);
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
    facts.port = port;
    const registration = await composeDns(config, { ...box, machine, address, port });
    facts.dns = registration?.service;
    stops.push(async () => {
      const withdraw = withdraws(config, endings);
      await Promise.all([server.stop(), registration?.stop(withdraw)]);
    });
    const where = address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;

    const socketPath = adminSocketPath(config.data);
    const admin = new AdminServer({
      ...box,
      report,
      logger: httpLogger,
      recentEvents: (after) => events.after(after),
      status: statusOf(box, report, run, clock, where),
      endings,
      panel,
      dns: registration?.service,
      examine: doctorOf(config, {
        machine,
        box: { ...box, version: VERSION, thumbprint: box.signer.thumbprint, port },
        reports: () => registration?.service.reports ?? [],
      }),
    });
    stops.push(() => admin.stop());
    await startAdmin(admin, socketPath, events);
    if (panel) connectPanel(panel, events, endings);
    registration?.service.start();
    const { thumbprint } = box.signer;
    stops.push(await announce(config, { events, machine, report, thumbprint, port }));
    if (panel) stops.push(await watchNetwork(config, facts, panel));
    return { address: where, socketPath, box, endings, stop };
  } catch (error) {
    await stop();
    throw error;
  }
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

/** Loaded when somebody asks. */
function doctorOf(config: Config, wiring: DoctorWiring): () => Promise<Diagnosis> {
  return async () => (await import("./compose-doctor.ts")).examineBox(config, wiring);
}

/** Begins to look at the network for the panel; the answer ends it. */
async function watchNetwork(
  config: Config,
  facts: ReturnType<typeof composeFacts>,
  panel: PanelService,
): Promise<() => Promise<void>> {
  const { composeNetworkWatch } = await import("./compose-network-watch.ts");
  const watch = composeNetworkWatch(config, () => panel.changed());
  facts.watch = watch;
  watch.start();
  return async () => watch.stop();
}

/** Begins to tell the links of the host; the answer ends it. Loaded once clients are served. */
async function announce(config: Config, wiring: AnnouncingWiring): Promise<() => Promise<void>> {
  if (!config.dns.enabled || !config.dns.mdns) return async () => undefined;
  const { composeAnnouncing } = await import("./compose-announcing.ts");
  const announcing = composeAnnouncing(config, wiring);
  announcing.start();
  return () => announcing.stop();
}

/** On a disk that cannot be written there is no socket, but clients are answered all the same. */
async function startAdmin(admin: AdminServer, path: string, events: EventLog): Promise<void> {
  try {
    await admin.start(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EROFS" && code !== "ENOSPC") throw error;
    events.record(
      "storage-failed",
      `${path} cannot be made (${code}): commands cannot reach this box before its next start.`,
      { code, file: path },
    );
  }
}

function composeActivation(
  box: OpenBox,
  config: Config,
  clock: Clock,
  limits: SourceLimits,
): ActivationService {
  return new ActivationService({
    ...box,
    limits,
    policy: policyOf(config),
    verifier: new NodeEd25519Verifier(),
    sha256,
    events: new ActivationEvents(box.events, box.licences, clock),
  });
}

/** A machine without IPv6 has no `::` to listen on; then every IPv4 address must do. */
async function listen(server: PublicServer, { bind, port }: Config) {
  try {
    return await server.start(bind, port);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (bind !== "::" || (code !== "EAFNOSUPPORT" && code !== "EADDRNOTAVAIL")) throw error;
    return await server.start("0.0.0.0", port);
  }
}

/** Whether an address is in an exempt network; the newest answers are kept, as looking up is slow. */
function exemption({ rateLimit }: Config): (address: string) => boolean {
  if (rateLimit.exempt.length === 0) return () => false;
  const networks = new BlockList();
  for (const text of rateLimit.exempt) {
    const cidr = parseCidr(text);
    if (cidr) networks.addSubnet(cidr.address, cidr.prefix, cidr.family);
  }
  const kept = new Map<string, boolean>();
  return (address) => {
    const known = kept.get(address);
    if (known !== undefined) return known;
    const exempt = networks.check(address, address.includes(":") ? "ipv6" : "ipv4");
    if (kept.size >= KEPT_EXEMPTIONS) kept.clear();
    kept.set(address, exempt);
    return exempt;
  };
}

function statusOf(
  box: OpenBox,
  report: HostReport,
  { lastStart }: RunRecord,
  clock: Clock,
  address: string,
) {
  const startedMs = clock.monotonicMs();
  const startedAt = Math.floor(clock.nowMs() / SECOND_MS);
  return () => {
    const time = box.clock.read();
    return {
      version: VERSION,
      host: box.signer.thumbprint,
      startedAt,
      uptimeSeconds: Math.floor((clock.monotonicMs() - startedMs) / SECOND_MS),
      lastStart,
      time: Math.floor(time.nowMs / SECOND_MS),
      clock: { trusted: time.trusted, detail: time.trusted ? time.source : time.reason },
      address,
      demonstration: box.licences.book.licences.some(
        ({ claims }) => claims.iss === DEMO_VENDOR_NAME,
      ),
      clients: box.store.ledger.clients,
      products: report.host().products,
      health: report.health(),
    };
  };
}
