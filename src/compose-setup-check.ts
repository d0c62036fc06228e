import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { readHostKey } from "./adapters/keys/host-key-file.ts";
import { readBounded } from "./adapters/setup/boot-partition.ts";
import { buildConfig, ConfigInvalidError, type ConfigLayer } from "./config/config.ts";
import { fileLayers } from "./config/files.ts";
import {
  LARGEST_SETUP_BYTES,
  type ReadSetup,
  readSetup,
  SETUP_FILE,
  SetupInvalidError,
} from "./config/setup/read-setup.ts";
import { SETUP_PATHS } from "./config/setup/setup-paths.ts";
import { NodeEd25519Verifier, sha256 } from "./platform/ed25519.ts";
import { openLicence } from "./protocol/licence.ts";
import { MalformedTokenError } from "./protocol/malformed-token.ts";

/** A setup file that is good by itself, with the licence that it names. */
export interface FoundSetup {
  readonly bytes: Uint8Array;
  readonly read: ReadSetup;
  readonly licence?: string;
  /** Thumbprint of the host that the licence is for. */
  readonly licensedHost?: string;
}

/**
 * Reads a setup file and the licence beside it; undefined if there is none.
 *
 * @throws {SetupInvalidError} listing everything that can be seen to be wrong without the box
 */
export async function findSetup(file: string): Promise<FoundSetup | undefined> {
  const bytes = await readBounded(file, LARGEST_SETUP_BYTES);
  if (!bytes) {
    await refuseMisnamed(dirname(file));
    return undefined;
  }
  if (bytes.length > LARGEST_SETUP_BYTES) {
    throw new SetupInvalidError([`the file is larger than ${LARGEST_SETUP_BYTES} bytes`]);
  }
  const { read, faults } = readSetup(bytes);
  const licence = await licenceOf(dirname(file), read);
  const all = [...faults, ...(licence?.faults ?? [])];
  if (all.length > 0) throw new SetupInvalidError(all);
  return { bytes, read, ...licence };
}

const MISNAMED = /^kms-box(?:\.json\.txt|\.txt|\.json\.json| ?\(\d+\)\.json)$/i;

/** Windows hides what a name ends with, and adds it all the same. */
async function refuseMisnamed(folder: string): Promise<void> {
  const names = await readdir(folder).catch((): string[] => []);
  const misnamed = names.find((name) => MISNAMED.test(name));
  if (misnamed === undefined) return;
  throw new SetupInvalidError([
    `the file is named "${misnamed}": rename it to ${SETUP_FILE} (on Windows let the Explorer show ` +
      "file name extensions)",
  ]);
}

interface FoundLicence {
  readonly licence: string;
  readonly licensedHost?: string;
  readonly faults?: readonly string[];
}

async function licenceOf(folder: string, { setup }: ReadSetup): Promise<FoundLicence | undefined> {
  const { file, token } = setup.licence ?? {};
  if (file === undefined) return token === undefined ? undefined : opened(token, "licence.token");
  const bytes = await readBounded(join(folder, file), LARGEST_SETUP_BYTES).catch(() => undefined);
  if (bytes) return opened(bytes.toString("utf8"), "licence.file");
  return { licence: "", faults: [`licence.file: there is no file ${file} beside ${SETUP_FILE}`] };
}

async function opened(text: string, place: string): Promise<FoundLicence> {
  const licence = text.replace(/^\uFEFF/, "").trim();
  const verifier = new NodeEd25519Verifier();
  try {
    const { claims } = await openLicence(licence, {
      sha256,
      verify: (key, data, signature) => verifier.verify(key, data, signature),
    });
    return { licence, licensedHost: claims.sub };
  } catch (cause) {
    if (!(cause instanceof MalformedTokenError)) throw cause;
    const why = `the licence is damaged: ${cause.message}; fetch it from the vendor again`;
    return { licence, faults: [`${place}: ${why}`] };
  }
}

/**
 * What is wrong with new settings on this box, beside what was wrong before.
 *
 * @param settings what setup would keep in the configuration
 */
export function combinationFaults(
  root: string,
  settings: Readonly<Record<string, unknown>>,
): string[] {
  const others = otherLayers(root);
  const before = faultsOf(others);
  const after = faultsOf([...others, { source: "settings", values: settings }]);
  return after.filter((fault) => !before.includes(fault));
}

/** Why a licence is not for this box; none before its first start, when it has no key. */
export async function hostFaults(root: string, licensed: string | undefined): Promise<string[]> {
  if (licensed === undefined) return [];
  const own = await readHostKey(join(root, stateFolder(otherLayers(root))));
  if (!own || own.thumbprint === licensed) return [];
  return [
    `licence: it is for another host (${licensed}); this one is ${own.thumbprint}: send the vendor ` +
      'what "kms-box licence request" prints here',
  ];
}

function otherLayers(root: string): ConfigLayer[] {
  const settings = join(root, SETUP_PATHS.settings);
  return fileLayers(join(root, SETUP_PATHS.config)).filter(({ source }) => source !== settings);
}

function stateFolder(layers: readonly ConfigLayer[]): string {
  try {
    return buildConfig(layers).data;
  } catch {
    return SETUP_PATHS.state;
  }
}

function faultsOf(layers: readonly ConfigLayer[]): readonly string[] {
  try {
    buildConfig(layers);
    return [];
  } catch (error) {
    if (error instanceof ConfigInvalidError) return error.faults;
    throw error;
  }
}
