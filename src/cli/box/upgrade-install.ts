import { readFile, stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { Command } from "commander";
import { KmsError } from "../../domain/errors.ts";
import { UploadRefusedError } from "../../ports/backup.ts";
import { UpgradeRefusedError } from "../../ports/upgrade.ts";
import { LARGEST_PACKAGE_BYTES } from "../../protocol/package-signature.ts";
import type { UpgradeAnswer } from "../../web/api/upgrade-schemas.ts";
import { fileFault, readInput } from "../support/files.ts";
import { print, remark } from "../support/lines.ts";
import { printJson } from "../support/output.ts";
import { AdminClient } from "./admin-client.ts";
import { type BoxFlags, boxFolder, withBox } from "./options.ts";

const LOOK_EVERY_MS = 1000;
/** The installation on a slow card, and the minute that the new version has to serve. */
const LONGEST_MS = 900_000;

interface Flags extends BoxFlags {
  readonly signature: string;
  readonly older?: boolean;
}

/** `kms-box upgrade install`: sends the box a package and waits for what becomes of it. */
export function upgradeInstallCommand(): Command {
  return withBox(new Command("install"))
    .description("send the box a signed package, which it verifies and installs")
    .argument("<file>", "the package")
    .requiredOption("--signature <file>", "its signature, by kms-vendor package sign")
    .option("--older", "also where the version in use is the same or newer")
    .addHelpText("after", HELP)
    .action(async (file: string, flags: Flags) => {
      const client = new AdminClient(await boxFolder(flags));
      const signature = (await readInput(flags.signature)).trim();
      const { upload } = await client.uploadPackage(await readPackage(file));
      const older = flags.older ?? false;
      const { version } = await client.installPackage({ upload, signature, older });
      remark(`The box has taken version ${version}, and installs it.`);
      const answer = await ended(client);
      if (flags.json) return printJson(answer);
      print(`KMS Box ${answer.version} is in use.`);
    });
}

const HELP = `
The box must trust the key that signed the package: root puts the public key at
/etc/kms-box/upgrade.pub.jwk. If the new version does not serve, the one before comes back by itself.

Exit status: 0 it is in use, 1 refused or taken back, 2 wrong usage or configuration.

Examples:
  kms-box upgrade install kms-box_1.2.0_arm64.deb --signature kms-box_1.2.0_arm64.deb.jws
  kms-box upgrade install kms-box_1.1.0_arm64.deb --signature 1.1.0.jws --older --json`;

async function readPackage(path: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size <= LARGEST_PACKAGE_BYTES) return await readFile(path);
  } catch (error) {
    throw fileFault(`Cannot read ${path}`, error);
  }
  throw new UploadRefusedError(`${path} is too large: ${LARGEST_PACKAGE_BYTES} bytes at most.`);
}

/** The box is away meanwhile, and starts again as the other version. */
async function ended(client: AdminClient): Promise<UpgradeAnswer> {
  for (const end = performance.now() + LONGEST_MS; performance.now() < end; ) {
    await sleep(LOOK_EVERY_MS);
    const answer = await client.upgrade().catch((error: unknown) => {
      if (error instanceof KmsError) return undefined;
      throw error;
    });
    const { state, version, reason } = answer?.handedOver ?? {};
    if (state === "refused" || state === "failed") {
      throw new UpgradeRefusedError(`Version ${version} was not installed: ${reason}.`);
    }
    if (!answer || state !== "installed") continue;
    if (answer.version === version) return answer;
    const why = answer.last?.reason ?? "kms-box upgrade tells more";
    throw new UpgradeRefusedError(`Version ${version} was taken back: ${why}.`);
  }
  throw new UpgradeRefusedError("The box has not said how it ended: see kms-box upgrade.");
}
