import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { FlashRestore } from "./adapters/backup/flash-restore.ts";
import { RESTORE_FILE } from "./adapters/flash/files.ts";
import { FlashFactoryReset } from "./adapters/flash/flash-factory-reset.ts";
import { type BeforeRead, FlashStore } from "./adapters/flash/flash-store.ts";
import { hasKeyWithoutState, openHostKey } from "./adapters/keys/host-key-file.ts";
import { createVendorKey, readVendorKey } from "./adapters/keys/vendor-key-files.ts";
import { LinuxClockSources } from "./adapters/system/clock/linux-clock-sources.ts";
import { LinuxMachine } from "./adapters/system/linux-machine.ts";
import { NodeClock, NodeTimers } from "./adapters/system/node-clock.ts";
import type { Loading } from "./compose-settings.ts";
import type { LoadedConfig } from "./config/load.ts";
import type { Config } from "./config/schema.ts";
import { ActivationLedger } from "./domain/ledger.ts";
import { NodeEd25519Verifier, sha256 } from "./platform/ed25519.ts";
import type { EventLog } from "./ports/events.ts";
import type { Signer } from "./ports/keys.ts";
import type { Restored } from "./ports/restore.ts";
import type { CmidStore } from "./ports/store.ts";
import {
  DEMO_VENDOR_NAME,
  DemonstrationRefusedError,
  makeDemoLicence,
} from "./services/demonstration.ts";
import { Generation } from "./services/generation.ts";
import { HostClock } from "./services/host-clock.ts";
import { LICENCES_DOCUMENT, LicenceService } from "./services/licences.ts";
import {
  tellBegunAnew,
  tellResetFinished,
  tellRestored,
  tellStoreNotices,
} from "./services/store-events.ts";

/** Where the demonstration vendor's key is kept, below the state folder. */
const DEMO_VENDOR_FOLDER = "demo-vendor";

/** A state folder that is open: what the commands on a stopped box need, and the service too. */
export interface OpenBox {
  readonly store: CmidStore;
  readonly signer: Signer;
  readonly licences: LicenceService;
  readonly clock: HostClock;
  /** What vouches for the clock; a service starts and stops it. */
  readonly clockSources: LinuxClockSources;
  readonly events: EventLog;
  /** Whether a factory reset was finished when it was opened. */
  readonly afterReset: boolean;
  /** Whether a restore was. */
  readonly afterRestore: boolean;
  /** What it was opened with, or read anew where a reset or a restore has changed that. */
  readonly loaded: LoadedConfig | undefined;
  readonly generation: Generation;
}

/** How the state is kept; benchmarks hold other ways against the usual one. */
export type OpenStore = (folder: string, beforeRead: BeforeRead) => Promise<CmidStore>;

const openFlashStore: OpenStore = (folder, beforeRead) =>
  FlashStore.open({
    folder,
    beforeRead,
    newLedger,
  });

/** A client chooses its key and so its CMID; it must not be able to choose its place as well. */
export function newLedger(): ActivationLedger {
  return new ActivationLedger(randomBytes(4).readUInt32LE());
}

/** What erases the box. */
export function factoryReset({ data }: Config): FlashFactoryReset {
  return new FlashFactoryReset({ folder: data, vendorFolder: DEMO_VENDOR_FOLDER });
}

/** What makes a box of a backup; loaded only where there is one. */
export async function restoreInto(folder: string): Promise<FlashRestore> {
  const { FlashRestore } = await import("./adapters/backup/flash-restore.ts");
  return new FlashRestore({ folder, vendorFolder: DEMO_VENDOR_FOLDER, newLedger });
}

/** Finishes the restore that is due, if one is. */
async function finishRestore(
  folder: string,
  guard: () => Promise<void>,
): Promise<Restored | undefined> {
  if (!existsSync(join(folder, RESTORE_FILE))) return undefined;
  return (await restoreInto(folder)).finish(guard);
}

/**
 * Opens the state folder for this process alone, after finishing a reset or restore that is due.
 *
 * @param loading where the configuration came from, of a service
 */
export async function openBox(
  config: Config,
  events: EventLog,
  openStore = openFlashStore,
  loading?: Loading,
): Promise<OpenBox> {
  const begunAnew = await hasKeyWithoutState(config.data);
  let afterReset = false;
  let restored: Restored | undefined;
  const store = await openStore(config.data, async (guard) => {
    afterReset = await factoryReset(config).finish(guard);
    restored = await finishRestore(config.data, guard);
  });
  try {
    tellStoreNotices(store, events);
    if (begunAnew && !afterReset && !restored) tellBegunAnew(config.data, events);
    if (restored) tellRestored(restored, events);
    const signer = await openHostKey(config.data, store.documents.has(LICENCES_DOCUMENT));
    if (afterReset) tellResetFinished(signer.thumbprint, events);
    // Both bring other settings.
    const loaded = afterReset || restored ? loading?.load() : loading?.loaded;
    const clockSources = new LinuxClockSources({
      mode: (loaded?.config ?? config).clock.trust,
      timers: new NodeTimers(),
    });
    const bootId = new LinuxMachine({ folder: config.data }).bootId();
    const parts = { clock: new NodeClock(), sources: clockSources, store, events, bootId };
    const clock = new HostClock(parts);
    const verifier = new NodeEd25519Verifier();
    const licences = new LicenceService({ store, signer, verifier, sha256, events });
    await licences.start();
    const generation = new Generation({ store, signer, verifier, events });
    const afterRestore = restored !== undefined;
    return {
      store,
      signer,
      licences,
      clock,
      clockSources,
      events,
      afterReset,
      afterRestore,
      loaded,
      generation,
    };
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
