import { readFile } from "node:fs/promises";
import type { UpgradeOutcome } from "../../ports/upgrade.ts";
import { UPGRADE_ENDINGS } from "../../ports/upgrade.ts";
import { Check, Type } from "../../protocol/typebox.ts";

/** Where the installed package's judge of upgrades writes it. */
const OUTCOME_FILE = "/var/lib/kms-box-upgrade/outcome.json";

const Version = Type.String({ maxLength: 64 });
const Outcome = Type.Object({
  outcome: Type.Enum(UPGRADE_ENDINGS),
  from: Version,
  to: Version,
  reason: Type.String({ maxLength: 400 }),
  at: Type.String({ maxLength: 32 }),
});

/** How the last upgrade ended; null where there was none, or nothing that can be read tells of one. */
export async function readUpgradeOutcome(file = OUTCOME_FILE): Promise<UpgradeOutcome | null> {
  try {
    const found: unknown = JSON.parse(await readFile(file, "utf8"));
    return Check(Outcome, found) ? found : null;
  } catch {
    return null;
  }
}
