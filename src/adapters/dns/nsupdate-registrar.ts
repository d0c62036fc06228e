import { isSameName, isWithin } from "../../domain/dns-names.ts";
import { type DnsRegistration, isSameRecord } from "../../domain/dns-registration.ts";
import { listed } from "../../domain/doctor/finding.ts";
import {
  type DnsAccess,
  DnsFailedError,
  type DnsFindings,
  type DnsRegistrar,
  type PublishOptions,
} from "../../ports/dns.ts";
import { isSameSrv, srvOf } from "./dns-record.ts";
import { findZone, findZoneAt, hastyResolver, type Zone } from "./find-zone.ts";
import { nsupdate } from "./nsupdate.ts";
import {
  type AddressPlan,
  planAddresses,
  planAddressRemoval,
  planSrv,
  planSrvRemoval,
  type WritePlan,
} from "./plan-update.ts";
import {
  findingsOf,
  hasAddresses,
  hasOurs,
  readAddresses,
  readSrv,
  type Standing,
} from "./standing.ts";
import type { TicketSource } from "./ticket-source.ts";

/** How often an update is begun anew when others change the same name meanwhile. */
const MOST_TRIES = 3;

export interface RegistrarOptions {
  readonly access: DnsAccess;
  /** Whether this host publishes beside others (`dns.coexist`). */
  readonly coexist: boolean;
  readonly tickets: TicketSource;
  /** Servers in place of the system's, for finding zones: `ADDRESS` or `ADDRESS:PORT`. */
  readonly resolvers?: readonly string[];
}

interface PublishTry {
  readonly signal: AbortSignal | undefined;
  readonly willWrite: (addresses: readonly string[]) => Promise<void>;
  /** What this host has written under the target's name so far. */
  readonly addresses: readonly string[];
}

/** A write was overtaken by another host's: it must be planned anew. */
class OvertakenError extends Error {}

/** Publishes by `nsupdate` (RFC 2136) and reads by `dig`, both of bind9-dnsutils. */
export class NsupdateRegistrar implements DnsRegistrar {
  readonly #options: RegistrarOptions;

  constructor(options: RegistrarOptions) {
    this.#options = options;
  }

  async inspect(registration: DnsRegistration, signal?: AbortSignal): Promise<DnsFindings> {
    const zone = await this.#zoneOf(registration.name, registration, signal);
    return findingsOf(await this.#read(zone, registration, signal), zone, registration);
  }

  async publish(
    registration: DnsRegistration,
    former: DnsRegistration | null,
    options: PublishOptions = {},
  ): Promise<DnsFindings> {
    const { signal } = options;
    const before = formerAddresses(former, registration);
    let addresses = before;
    const willWrite = async (added: readonly string[]) => {
      addresses = [...before, ...added];
      await options.willWrite?.(added);
    };
    for (let tries = 1; ; tries++) {
      try {
        return await this.#publishOnce(registration, former, { signal, willWrite, addresses });
      } catch (error) {
        if (!(error instanceof OvertakenError)) throw error;
        if (tries >= MOST_TRIES) throw overtaken(registration);
      }
    }
  }

  async withdraw(registration: DnsRegistration, signal?: AbortSignal): Promise<DnsFindings> {
    const zone = await this.#zoneOf(registration.name, registration, signal);
    const doubt = await this.#remove(registration, zone, signal);
    const after = await this.#read(zone, registration, signal);
    if (hasOurs(after, registration)) throw doubt ?? notVisible(registration, "still has");
    return findingsOf(after, zone, registration);
  }

  async seenBySystem(registration: DnsRegistration, signal?: AbortSignal): Promise<boolean | null> {
    try {
      const resolver = hastyResolver(this.#options.resolvers, signal);
      const records = await resolver.resolveSrv(registration.name);
      const ours = srvOf(registration);
      return records.some(({ name: target, ...rest }) => isSameSrv({ target, ...rest }, ours));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      return code === "ENOTFOUND" || code === "ENODATA" ? false : null;
    }
  }

  /** @throws {OvertakenError} */
  async #publishOnce(
    registration: DnsRegistration,
    former: DnsRegistration | null,
    { signal, willWrite, addresses: known }: PublishTry,
  ): Promise<DnsFindings> {
    const zone = await this.#zoneOf(registration.name, registration, signal);
    const before = await this.#read(zone, registration, signal, former);
    const plan = planSrv(before.srv, registration, former, this.#options.coexist);
    if (!plan) return findingsOf(before, zone, registration);
    const addresses = planAddresses(before.addresses, registration, known);
    if (addresses.conflict.length > 0) throw nameTaken(registration, addresses.conflict);
    const target = await this.#zoneOfTarget(registration, zone, signal);
    const doubts = [
      await this.#writeAddresses(target, addresses, registration.target, { signal, willWrite }),
      await this.#write(zone, plan, registration.name, signal),
      former && (await this.#removeElsewhere(former, registration, zone, signal)),
    ];
    const after = await this.#read(zone, registration, signal);
    const outdated = former !== null && !isSameRecord(former, registration);
    const done =
      hasOurs(after, registration) &&
      hasAddresses(after, registration) &&
      !(outdated && isSameName(former.name, registration.name) && hasOurs(after, former));
    if (!done) throw doubts.find((each) => each != null) ?? notVisible(registration, "has not");
    return findingsOf(after, zone, registration, addresses.own);
  }

  /**
   * The SRV record that follows may be refused: what was written is known before that.
   *
   * @throws {OvertakenError}
   * @throws {DnsFailedError}
   */
  async #writeAddresses(
    zone: Zone,
    plan: AddressPlan,
    name: string,
    { signal, willWrite }: Omit<PublishTry, "addresses">,
  ): Promise<DnsFailedError | undefined> {
    if (plan.changes.length > 0) await willWrite(plan.own);
    try {
      return await this.#write(zone, plan, name, signal);
    } catch (error) {
      // A server that does not answer may have done it.
      const isUnknown = error instanceof DnsFailedError && error.code === "server-unreachable";
      if (!isUnknown) await willWrite([]);
      throw error;
    }
  }

  /** What the former registration had under names that the new one does not have. */
  async #removeElsewhere(
    former: DnsRegistration,
    registration: DnsRegistration,
    zone: Zone,
    signal: AbortSignal | undefined,
  ): Promise<DnsFailedError | undefined> {
    if (!isSameName(former.name, registration.name)) {
      const there = await this.#zoneOf(former.name, former, signal);
      return this.#remove(former, there, signal, registration.target);
    }
    return this.#removeAddresses(former, zone, signal, registration.target);
  }

  /** Removes a registration's records; returns a failure after which they may be gone all the same. */
  async #remove(
    registration: DnsRegistration,
    zone: Zone,
    signal: AbortSignal | undefined,
    keptTarget = "",
  ): Promise<DnsFailedError | undefined> {
    const { name } = registration;
    const plan = planSrvRemoval(await readSrv(zone, name, signal), registration);
    const doubt = await this.#write(zone, plan, name, signal);
    const doubtToo = await this.#removeAddresses(registration, zone, signal, keptTarget);
    return doubt ?? doubtToo;
  }

  /** Leaves the addresses where another record, of a second box on this machine, still leads to them. */
  async #removeAddresses(
    registration: DnsRegistration,
    zone: Zone,
    signal: AbortSignal | undefined,
    keptTarget: string,
  ): Promise<DnsFailedError | undefined> {
    const { name, target, addresses } = registration;
    if (addresses.length === 0 || isSameName(target, keptTarget)) return undefined;
    const { records } = await readSrv(zone, name, signal);
    const own = srvOf(registration);
    const shared = records.some((each) => isSameName(each.target, target) && !isSameSrv(each, own));
    if (shared) return undefined;
    const there = await this.#zoneOfTarget(registration, zone, signal);
    const found = await readAddresses(there, target, signal);
    return this.#write(there, planAddressRemoval(found, target, addresses), target, signal);
  }

  /**
   * @returns the failure, if the update may have been done in spite of it
   * @throws {OvertakenError}
   * @throws {DnsFailedError}
   */
  async #write(
    { zone, server }: Zone,
    { prerequisites, changes }: WritePlan,
    name: string,
    signal: AbortSignal | undefined,
  ): Promise<DnsFailedError | undefined> {
    if (changes.length === 0) return undefined;
    const { access, tickets } = this.#options;
    const update = { server, zone, prerequisites, changes };
    const outcome = await nsupdate(update, access, tickets, signal);
    if (outcome.kind === "done") return undefined;
    if (outcome.kind === "overtaken") throw new OvertakenError();
    const { error, mayBeDone } = outcome;
    const named = new DnsFailedError(error.code, `${name}: ${error.message}`, { cause: error });
    if (mayBeDone) return named;
    throw named;
  }

  async #read(
    zone: Zone,
    registration: DnsRegistration,
    signal: AbortSignal | undefined,
    former: DnsRegistration | null = null,
  ): Promise<Standing> {
    const { name, target, addresses } = registration;
    const srv = await readSrv(zone, name, signal);
    if (addresses.length === 0 && formerAddresses(former, registration).length === 0)
      return { srv, addresses: [] };
    const there = await this.#zoneOfTarget(registration, zone, signal);
    return { srv, addresses: await readAddresses(there, target, signal) };
  }

  #zoneOf(
    name: string,
    { domain }: DnsRegistration,
    signal: AbortSignal | undefined,
  ): Promise<Zone> {
    const { access, resolvers } = this.#options;
    if (access.server !== undefined) return findZoneAt(access.server, { name, domain }, signal);
    return findZone({ name, domain }, hastyResolver(resolvers, signal));
  }

  /** The target is mostly in the same zone; not where `_tcp` is delegated. */
  async #zoneOfTarget(
    registration: DnsRegistration,
    zone: Zone,
    signal: AbortSignal | undefined,
  ): Promise<Zone> {
    const { target } = registration;
    return isWithin(target, zone.zone) ? zone : this.#zoneOf(target, registration, signal);
  }
}

/** What was written before under the name that the registration has now. */
function formerAddresses(
  former: DnsRegistration | null,
  { target }: DnsRegistration,
): readonly string[] {
  return former && isSameName(former.target, target) ? former.addresses : [];
}

function nameTaken({ target }: DnsRegistration, taken: readonly string[]): DnsFailedError {
  return new DnsFailedError(
    "update-failed",
    `${target} is another machine's name, or has an address that this box had before its state was ` +
      `lost (${listed(taken)}): delete those A and AAAA records if they are of this box, else give it a ` +
      "name of its own by dns.host, or set publishAddresses to false.",
  );
}

function notVisible({ name }: DnsRegistration, how: "has not" | "still has"): DnsFailedError {
  return new DnsFailedError(
    "not-visible",
    `The name server took the update of ${name}, but ${how} this box's record: look into its log, ` +
      "and whether it is the zone's primary.",
  );
}

function overtaken({ name }: DnsRegistration): DnsFailedError {
  return new DnsFailedError(
    "update-failed",
    `Somebody else keeps changing ${name}: nothing was written. It is tried again.`,
  );
}
