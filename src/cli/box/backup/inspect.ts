import { readBackup } from "../../../adapters/backup/backup-reader.ts";
import { BackupCheck, type BackupContent } from "../../../adapters/backup/verified.ts";
import { newLedger } from "../../../compose-box.ts";
import type { SettingsFile } from "../../../domain/backup.ts";
import { SECOND_MS } from "../../../domain/units.ts";
import { NodeEd25519Verifier, sha256 } from "../../../platform/ed25519.ts";
import type { Json } from "../../../ports/store.ts";
import { openLicence, type TokenCrypto } from "../../../protocol/licence.ts";
import { MalformedTokenError } from "../../../protocol/malformed-token.ts";
import { LICENCES_DOCUMENT } from "../../../services/licences.ts";
import { formatTime } from "../../support/dates.ts";
import { print } from "../../support/lines.ts";
import { printJson } from "../../support/output.ts";
import { withProgress } from "../../support/progress.ts";
import { type KeyFlags, keyOf, openBackup } from "./keys.ts";

type InspectFlags = KeyFlags & { readonly json?: boolean };

interface LicenceFact {
  readonly vendor: string;
  /** ISO 8601. */
  readonly expires: string;
}

/** `kms-box backup inspect FILE`: verifies all of a backup, and says what is in it. */
export async function inspect(path: string, flags: InspectFlags): Promise<void> {
  const chunks = await openBackup(path, await keyOf(flags));
  const check = new BackupCheck(newLedger);
  for await (const _item of check.pass(readBackup(withProgress(chunks, "verified"))));
  const { header, counts, files, documents } = check.content;
  const licences = await licenceFacts(documents.get(LICENCES_DOCUMENT));
  const names = files.map(nameOf);
  if (flags.json) printJson({ file: path, ...header, ...counts, licences, settings: names });
  else tell(check.content, licences, names);
}

/** A file of settings for a person. */
export function nameOf({ kind, name }: SettingsFile): string {
  if (kind === "settings") return "settings of the box";
  return kind === "config" ? "configuration" : `${kind}/${name}`;
}

async function licenceFacts(tokens: Json | undefined): Promise<LicenceFact[]> {
  const verifier = new NodeEd25519Verifier();
  const crypto: TokenCrypto = { verify: (...signed) => verifier.verify(...signed), sha256 };
  const facts: LicenceFact[] = [];
  for (const token of Array.isArray(tokens) ? tokens : []) {
    try {
      const { claims } = await openLicence(String(token), crypto);
      const expires = new Date(claims.exp * SECOND_MS).toISOString();
      facts.push({ vendor: claims.iss, expires });
    } catch (error) {
      if (!(error instanceof MalformedTokenError)) throw error;
      facts.push({ vendor: `unusable: ${error.message}`, expires: "" });
    }
  }
  return facts;
}

function tell(
  { header, counts }: BackupContent,
  licences: readonly LicenceFact[],
  settings: readonly string[],
): void {
  print(
    `Made        ${formatTime(Date.parse(header.created))} on ${header.hostname}, version ${header.program}`,
    `Format      ${header.version}, state of schema ${header.schema}`,
    `Host key    ${header.host}`,
    `Generation  ${header.generation}`,
    `Clients     ${counts.clients}, with ${counts.records} records`,
    ...licences.map(({ vendor, expires }) => `Licence     ${vendor}, to ${expires.slice(0, 10)}`),
    `Settings    ${settings.length > 0 ? settings.join(", ") : "none"}`,
    "",
    "The backup is whole: every line of it was verified.",
  );
}
