import type { LeaseFact } from "../../domain/doctor/client-judgements.ts";
import { KmsError } from "../../domain/errors.ts";
import type { Policy } from "../../domain/policy.ts";
import { DAY_MS, MINUTE_MS } from "../../domain/units.ts";
import { sha256 } from "../../platform/ed25519.ts";
import type { Clock } from "../../ports/clock.ts";
import { keyNames } from "../../protocol/thumbprint.ts";
import type { StateFolder } from "../state-folder.ts";
import { readStatus } from "../status.ts";
import { verifyStored } from "../stored-lease.ts";
import { vendorThumbprint } from "../vendor-pin.ts";
import type { Pinned } from "./host-trust.ts";

/** How it stands with a product here, its stored lease verified. Reads only. */
export async function lookAtLease(
  folder: StateFolder,
  pinned: Pinned,
  clock: Clock,
  policy: Policy,
): Promise<LeaseFact> {
  const { product } = pinned;
  try {
    const report = await readStatus(folder, product, clock, policy);
    return {
      product,
      status: report.status,
      remainingDays: Math.floor((report.remainingMinutes * MINUTE_MS) / DAY_MS),
      lastMessage: report.lastMessage,
      lastFailed: report.lastResult !== null && report.lastResult.kind !== "activated",
      damage: await damageOf(folder, pinned),
    };
  } catch (error) {
    if (!(error instanceof KmsError)) throw error;
    const nothing = { status: "unlicensed", remainingDays: 0, lastMessage: null } as const;
    return { product, ...nothing, lastFailed: false, damage: error.message };
  }
}

/** Why the stored lease is not believed; null if it is, or there is none. */
async function damageOf(
  folder: StateFolder,
  { product, vendorKey }: Pinned,
): Promise<string | null> {
  const [machine, record] = await Promise.all([folder.readMachine(), folder.readRecord(product)]);
  if (!machine || !record?.tokens) return null;
  const { cmid, thumbprint } = keyNames(machine.clientKey, sha256);
  const expected = {
    cmid,
    clientThumbprint: thumbprint,
    vendorThumbprint: vendorThumbprint(vendorKey),
  };
  try {
    await verifyStored(record, expected);
    return null;
  } catch (error) {
    if (error instanceof KmsError) return error.message;
    throw error;
  }
}
