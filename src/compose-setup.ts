import { createHash } from "node:crypto";
import { join } from "node:path";
import {
  findBootFolder,
  removeBeside,
  type StagedContent,
  stageBeside,
  writeBeside,
} from "./adapters/setup/boot-partition.ts";
import { FileBatch, type Ownership, removeFiles } from "./adapters/setup/file-batch.ts";
import { forgetsAtRestart, groupNumber, readSystemFacts } from "./adapters/setup/system-facts.ts";
import { tellSystem } from "./adapters/setup/tell-system.ts";
import {
  combinationFaults,
  type FoundSetup,
  findSetup,
  hostFaults,
} from "./compose-setup-check.ts";
import { errorsText } from "./config/setup/errors-text.ts";
import { planSetup, type SetupPlan } from "./config/setup/plan-setup.ts";
import { SETUP_ERRORS_FILE, SETUP_FILE, SetupInvalidError } from "./config/setup/read-setup.ts";
import { SETUP_PATHS } from "./config/setup/setup-paths.ts";
import { KmsError } from "./domain/errors.ts";
import { readIfThere } from "./platform/durable-file.ts";
import type { SetupReload } from "./ports/setup.ts";

/** A setup file that is good could not be applied by this system. */
export class SetupFailedError extends KmsError {
  readonly code = "setup-failed";
}

export interface SetupPlaces {
  /** Where the system's files are; `/` on a box. */
  readonly root: string;
  /** The boot partition; found where it is usually mounted if left out. */
  readonly boot?: string | undefined;
}

export interface SetupResult {
  readonly state: "absent" | "unchanged" | "applied";
  readonly file: string | null;
  /** Files that were written or removed, as the system sees them. */
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  /** Whether secrets were taken out of the setup file. */
  readonly taken: boolean;
  /** Commands that failed to tell the running system. */
  readonly untold: readonly string[];
}

/**
 * Makes the system what the setup file on the boot partition says, or changes nothing and says why
 * beside that file and on the front panel.
 *
 * @throws {SetupInvalidError} the file is wrong
 * @throws {SetupFailedError} the system cannot be written, or lacks something
 */
export async function runSetup({ root, boot }: SetupPlaces): Promise<SetupResult> {
  const folder = boot ?? findBootFolder(root, SETUP_FILE);
  if (folder === undefined) return { ...NOTHING_DONE, state: "absent", file: null };
  try {
    const result = await setUp(root, join(folder, SETUP_FILE));
    await forgetFaults(root, folder);
    return result;
  } catch (cause) {
    const error = asKmsError(cause);
    await tellFaults(root, folder, error);
    throw error;
  }
}

const NOTHING_DONE = { changed: [], removed: [], taken: false, untold: [] };

async function setUp(root: string, file: string): Promise<SetupResult> {
  const found = await findSetup(file);
  if (!found) return { ...NOTHING_DONE, state: "absent", file: null };
  const { bytes, licence = "" } = found;
  const applied = await readIfThere(join(root, SETUP_PATHS.applied));
  if (applied === digest(bytes, licence)) return { ...NOTHING_DONE, state: "unchanged", file };
  if (root === "/" && (await forgetsAtRestart())) throw new SetupFailedError(FORGETS);

  const plan = await planFor(root, found);
  const ownership = await ownershipIn(root);
  const { changed, removed } = await write(root, file, plan, ownership);
  const untold = root === "/" ? await tell(plan, [...changed, ...removed]) : [];
  const final = plan.emptied === undefined ? bytes : Buffer.from(plan.emptied);
  await writeMark(root, digest(final, licence), ownership);
  const taken = plan.emptied !== undefined;
  return { state: "applied", file, changed, removed, taken, untold };
}

const FORGETS =
  "The root file system is an overlay in memory: what is set up now would be gone at the next " +
  "start. Turn that off, start again, and turn it on afterwards.";

async function planFor(root: string, { read, licence, licensedHost }: FoundSetup) {
  const plan = planSetup(read, await readSystemFacts(root, SETUP_PATHS), licence);
  const faults = [
    ...plan.faults,
    ...combinationFaults(root, plan.settings),
    ...(await hostFaults(root, licensedHost)),
  ];
  if (faults.length > 0) throw new SetupInvalidError(faults);
  return plan;
}

/** Everything is written beside its place first; the boot partition's file is replaced last. */
async function write(
  root: string,
  file: string,
  { files, removals, emptied }: SetupPlan,
  ownership: Ownership | undefined,
): Promise<{ changed: string[]; removed: string[] }> {
  const batch = new FileBatch(root, ownership);
  let rest: StagedContent | undefined;
  try {
    for (const each of files) await batch.stage(each);
    rest = emptied === undefined ? undefined : await stageBeside(file, emptied);
  } catch (error) {
    await batch.drop().catch(() => undefined);
    throw error;
  }
  const changed = await batch.commit();
  const removed = await removeFiles(root, removals);
  await rest?.commit();
  return { changed, removed };
}

async function ownershipIn(root: string): Promise<Ownership | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const group = await groupNumber(root, "kms-box");
  if (group !== undefined) return { group };
  throw new SetupFailedError(
    "There is no group kms-box on this system: install the package of KMS Box first.",
  );
}

async function tell(plan: SetupPlan, changed: readonly string[]): Promise<string[]> {
  const reloads = Object.entries(plan.reloads) as [SetupReload, readonly string[]][];
  const failed: string[] = [];
  for (const [reload, paths] of reloads) {
    if (!paths.some((path) => changed.includes(path))) continue;
    failed.push(...(await tellSystem(reload, plan.hostName)));
  }
  return failed;
}

function digest(bytes: Uint8Array, licence: string): string {
  return `${createHash("sha256").update(bytes).update("\0").update(licence).digest("hex")}\n`;
}

async function writeMark(root: string, content: string, ownership: Ownership | undefined) {
  const batch = new FileBatch(root, ownership);
  await batch.stage({ path: SETUP_PATHS.applied, content, mode: 0o600 });
  await batch.commit();
}

/** Where the boot partition cannot be written, the panel and the log are left to tell. */
async function tellFaults(root: string, folder: string, error: KmsError): Promise<void> {
  const inFile = error instanceof SetupInvalidError;
  const text = errorsText(inFile ? error.faults : [error.message], inFile);
  const written = await writeBeside(join(folder, SETUP_ERRORS_FILE), text).then(
    () => true,
    () => false,
  );
  const nextStep = written ? `read ${SETUP_ERRORS_FILE} on the SD card` : "run kms-box setup";
  const batch = new FileBatch(root, undefined);
  try {
    await batch.stage({ path: SETUP_PATHS.fault, content: `${nextStep}\n`, mode: 0o644 });
    await batch.commit();
  } catch {
    return;
  }
}

async function forgetFaults(root: string, folder: string): Promise<void> {
  await removeBeside(join(folder, SETUP_ERRORS_FILE)).catch(() => undefined);
  await removeFiles(root, [SETUP_PATHS.fault]).catch(() => undefined);
}

const REASONS: Readonly<Record<string, string>> = {
  EROFS: "its file system is read-only",
  ENOSPC: "its file system is full",
  EACCES: "this user may not: run this as root",
  EPERM: "this user may not: run this as root",
  EIO: "the card does not answer as it should: replace it",
};

function asKmsError(error: unknown): KmsError {
  if (error instanceof KmsError) return error;
  const { code = "failed", path = "a file", message } = error as NodeJS.ErrnoException;
  const reason = REASONS[code] ?? message;
  return new SetupFailedError(`${path} cannot be read or written: ${reason} (${code}).`, {
    cause: error,
  });
}
