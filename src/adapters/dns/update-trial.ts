import type { DnsRegistration } from "../../domain/dns-registration.ts";
import type { DnsFailure } from "../../domain/doctor/dns-facts.ts";
import { targetFault } from "../../domain/host-name.ts";
import { type DnsAccess, DnsFailedError } from "../../ports/dns.ts";
import { findZone, findZoneAt, hastyResolver } from "./find-zone.ts";
import { nsupdate } from "./nsupdate.ts";
import type { TicketSource } from "./ticket-source.ts";

/** Nobody has this name, so that the only condition of the update holds. */
const ABSENT_LABEL = "_kms-box-trial";

/**
 * Sends an update that has a condition and no change (RFC 2136 sections 2.4 and 2.5), signed as the
 * access says: the server checks the signature and that it may be updated at all.
 *
 * @returns why it was refused; null if it was not
 */
export async function tryUpdate(
  { name, domain, target }: DnsRegistration,
  access: DnsAccess,
  tickets: TicketSource,
  signal?: AbortSignal,
): Promise<DnsFailure | null> {
  const unnamed = targetFault({ target });
  if (unnamed !== null) return { code: "name-unusable", reason: unnamed };
  try {
    const { server, zone } = access.server
      ? await findZoneAt(access.server, { name, domain }, signal)
      : await findZone({ name, domain }, hastyResolver(undefined, signal));
    const prerequisite = { need: "absent", name: `${ABSENT_LABEL}.${zone}`, type: "SRV" } as const;
    const update = { server, zone, prerequisites: [prerequisite], changes: [] };
    const outcome = await nsupdate(update, access, tickets, signal);
    if (outcome.kind !== "failed") return null;
    // What Samba answers to an update that it has done.
    const isDone = outcome.mayBeDone && outcome.error.code === "signature-refused";
    return isDone ? null : failureOf(outcome.error);
  } catch (error) {
    if (error instanceof DnsFailedError) return failureOf(error);
    throw error;
  }
}

function failureOf({ code, message }: DnsFailedError): DnsFailure {
  return { code, reason: message };
}
