import { readFile } from "node:fs/promises";
import type { PublicJwk } from "../domain/claims.ts";
import { remainingMinutes } from "../domain/client-state.ts";
import { KmsError } from "../domain/errors.ts";
import { DEFAULT_POLICY } from "../domain/policy.ts";
import type { LicenceStatus } from "../domain/status.ts";
import { parsePublicJwk, sha256 } from "../platform/ed25519.ts";
import { type DistrustReason, LeaseNotTrustedError } from "../protocol/lease.ts";
import { keyNames } from "../protocol/thumbprint.ts";
import { NotInstalledError } from "./errors.ts";
import { isOtherMachine } from "./fingerprint.ts";
import { readableStateFolder } from "./location.ts";
import { standingOf } from "./reading.ts";
import type { MachineFile, ProductRecord } from "./shapes.ts";
import { StateFolder } from "./state-folder.ts";
import { verifyStored, withSignedTimes } from "./stored-lease.ts";
import { type ClientSystem, SYSTEM } from "./system.ts";

export interface CheckQuestion {
  /** Id of the product, as in the vendor's licence. */
  readonly product: string;
  /** The vendor's public key as JWK, or the path of a file that holds it. */
  readonly vendorKey: PublicJwk | string;
  /** State folder; else where this system's client keeps it. */
  readonly state?: string;
}

/** Why a machine is, or is not, activated. */
export type CheckReason =
  | "activated"
  /** The client never ran here for this product. */
  | "not-installed"
  /** No host has activated it yet; `status` tells whether it is still in its initial grace. */
  | "never-activated"
  /** The lease has ended; `status` tells whether it is still in its grace. */
  | "lease-ended"
  /** The state was made on another machine: a copied folder or cloned disk. */
  | "other-machine"
  /** The state cannot be read. */
  | "state-unusable"
  | DistrustReason;

export interface CheckAnswer {
  /** Only this says yes. */
  readonly activated: boolean;
  readonly reason: CheckReason;
  /** The reason in a sentence, with what to do. */
  readonly message: string;
  readonly status: LicenceStatus;
  /** End of the lease; null without one that holds. */
  readonly expires: Date | null;
  /** Whole minutes to the end of the status; 0 where that has none. */
  readonly remainingMinutes: number;
}

/**
 * Whether this machine is activated for a product, without asking anybody: everything is verified
 * again, from the vendor's key to the machine and the time.
 *
 * Never rejects for what stands in the state folder; see `reason`.
 *
 * @throws {KeyUnreadableError} the vendor key is none.
 * @throws the system's error if the vendor key's file cannot be read.
 */
export async function checkActivation(
  question: CheckQuestion,
  system: ClientSystem = SYSTEM,
): Promise<CheckAnswer> {
  const vendorKey = await vendorKeyOf(question.vendorKey);
  const folder = new StateFolder(question.state ?? readableStateFolder());
  try {
    const [machine, record] = await Promise.all([
      folder.readMachine(),
      folder.readRecord(question.product),
    ]);
    if (!machine || !record) return NOT_INSTALLED;
    return await judge(machine, record, vendorKey, system);
  } catch (error) {
    if (!(error instanceof KmsError)) throw error;
    return { ...NOT_INSTALLED, reason: "state-unusable", message: error.message };
  }
}

async function judge(
  machine: MachineFile,
  record: ProductRecord,
  vendorKey: PublicJwk,
  system: ClientSystem,
): Promise<CheckAnswer> {
  if (isOtherMachine(machine, await system.identifiers())) return OTHER_MACHINE;
  const { thumbprint, cmid } = keyNames(machine.clientKey, sha256);
  try {
    const { times } = await verifyStored(record, {
      vendorThumbprint: keyNames(vendorKey, sha256).thumbprint,
      cmid,
      clientThumbprint: thumbprint,
    });
    return answerOf(withSignedTimes(record, times), system);
  } catch (error) {
    const without = { ...record, state: { ...record.state, lease: null } };
    if (error instanceof LeaseNotTrustedError) {
      return { ...answerOf(without, system), reason: error.reason, message: error.message };
    }
    if (error instanceof NotInstalledError) return answerOf(without, system);
    throw error;
  }
}

function answerOf(record: ProductRecord, { clock }: ClientSystem): CheckAnswer {
  const { standing, timeMs } = standingOf(record, clock, DEFAULT_POLICY);
  const { lease } = record.state;
  const activated = standing.status === "licensed";
  const reason = activated ? "activated" : lease ? "lease-ended" : "never-activated";
  return {
    activated,
    reason,
    message: MESSAGES[reason],
    status: standing.status,
    expires: lease ? new Date(lease.expiresMs) : null,
    remainingMinutes: remainingMinutes(standing, timeMs),
  };
}

const MESSAGES = {
  activated: "This machine is activated.",
  "lease-ended": "The activation has ended: no host has renewed it. Run kms-client activate.",
  "never-activated": "No host has activated this machine yet. Run kms-client activate.",
} as const;

const NOT_INSTALLED: CheckAnswer = Object.freeze({
  activated: false,
  reason: "not-installed",
  message: "The KMS client is not installed for this product. Run kms-client activate.",
  status: "unlicensed",
  expires: null,
  remainingMinutes: 0,
});

const OTHER_MACHINE: CheckAnswer = Object.freeze({
  ...NOT_INSTALLED,
  reason: "other-machine",
  message: "This state was made on another machine. Run kms-client rearm, then activate.",
});

async function vendorKeyOf(key: PublicJwk | string): Promise<PublicJwk> {
  if (typeof key === "string") return parsePublicJwk(await readFile(key, "utf8"), key);
  return parsePublicJwk(JSON.stringify(key), "The vendor key");
}
