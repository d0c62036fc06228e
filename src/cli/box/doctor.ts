import { Command } from "commander";
import type { Diagnosis } from "../../domain/doctor/summary.ts";
import { showDiagnosis } from "../support/diagnosis.ts";
import { Waiting } from "../support/waiting.ts";
import { AdminClient, BoxNotAnsweringError, BoxNotRunningError } from "./admin-client.ts";
import { type BoxFlags, boxConfig, boxFolder, withBox } from "./options.ts";

/** `kms-box doctor`: what is wrong when clients are not activated. */
export function doctorCommand(): Command {
  return withBox(new Command("doctor"))
    .description("find out why clients are not activated, from the network cable to the licence")
    .addHelpText("after", HELP)
    .action(doctor);
}

const HELP = `
Nothing is changed. A box that runs checks itself; if none does, the network and DNS are checked by the
configuration all the same. Takes 15 s at most.

✓ good   ! worth a look   ✗ wrong   – not checked

Exit status: 0 nothing is wrong, 1 something is, 2 wrong usage or configuration.

Examples:
  kms-box doctor
  kms-box doctor --data /var/lib/kms-box --json`;

async function doctor(flags: BoxFlags): Promise<void> {
  const waiting = new Waiting("the box looks at itself and its network");
  try {
    const diagnosis = await examined(flags, waiting);
    waiting.end();
    showDiagnosis(diagnosis, flags.json ?? false);
  } finally {
    waiting.end();
  }
}

async function examined(flags: BoxFlags, waiting: Waiting): Promise<Diagnosis> {
  try {
    const diagnosis = await new AdminClient(await boxFolder(flags)).doctor();
    return await withOwnLook(diagnosis, waiting);
  } catch (error) {
    const isAbsent = error instanceof BoxNotRunningError || error instanceof BoxNotAnsweringError;
    if (!isAbsent) throw error;
    const { examineWithoutBox } = await import("../../compose-doctor.ts");
    return examineWithoutBox(await boxConfig(flags), error.message, waiting.progress);
  }
}

/** A box without privileges may not ask for its address; root, who calls this, may. */
async function withOwnLook(diagnosis: Diagnosis, waiting: Waiting): Promise<Diagnosis> {
  const index = diagnosis.findings.findIndex(({ id }) => id === "address-use");
  const theirs = diagnosis.findings[index];
  if (process.getuid?.() !== 0 || theirs?.result !== "skipped" || theirs.nextStep === null) {
    return diagnosis;
  }
  waiting.progress([theirs.title]);
  const { lookForAddressUse } = await import("../../compose-doctor.ts");
  const { diagnose } = await import("../../domain/doctor/summary.ts");
  const { id, title } = theirs;
  return diagnose(diagnosis.findings.with(index, { id, title, ...(await lookForAddressUse()) }));
}
