import type { PublicJwk } from "../domain/claims.ts";
import {
  type ClientEffect,
  type ClientEvent,
  type InstalledState,
  stepClient,
  UNINSTALLED,
  withoutLease,
} from "../domain/client-state.ts";
import type { Instant } from "../domain/client-time.ts";
import { DEFAULT_POLICY, type Policy } from "../domain/policy.ts";
import { HOUR_MS, SECOND_MS } from "../domain/units.ts";
import { LeaseNotTrustedError } from "../protocol/lease.ts";
import { VERSION } from "../version.ts";
import { type AttemptOutcome, attemptActivation } from "./attempt.ts";
import { NotInstalledError, StateChangedError, StateDamagedError } from "./errors.ts";
import type { HostFinder } from "./finding.ts";
import { seenGenerations, withGeneration } from "./generations.ts";
import type { HostAddress } from "./host-address.ts";
import { type ClientIdentity, makeIdentity, openIdentity } from "./identity.ts";
import { setAside } from "./json-file.ts";
import { outcomeSentence } from "./outcome.ts";
import { readingSince, standingOf } from "./reading.ts";
import type { ProductRecord, Settings } from "./shapes.ts";
import type { StateFolder } from "./state-folder.ts";
import { verifyStored, withSignedTimes } from "./stored-lease.ts";
import { type ClientSystem, SYSTEM } from "./system.ts";
import type { Transport } from "./transport.ts";
import { type PinChange, requirePin, vendorThumbprint, withPin } from "./vendor-pin.ts";

export interface ClientOptions {
  readonly folder: StateFolder;
  /** The ways of finding hosts, given what the folder holds. */
  readonly finders: (known: KnownHosts) => readonly HostFinder[];
  readonly transport: Transport;
  readonly system?: ClientSystem;
  readonly policy?: Policy;
}

export interface KnownHosts {
  readonly configured: HostAddress | null;
  readonly cached: HostAddress | null;
  /** Whether the machine's own links may be asked. */
  readonly mdns: boolean;
}

/** What a folder's settings and the host that worked last say of finding one. */
export function knownHosts(settings: Settings, cached: HostAddress | null): KnownHosts {
  return { configured: settings.host, cached, mdns: settings.mdns !== false };
}

/** Something that an administrator should know of, noticed while the state was opened. */
export type ClientNotice =
  | { readonly kind: "rearmed"; readonly cmid: string }
  | { readonly kind: "state-damaged"; readonly path: string; readonly kept: string }
  | { readonly kind: "lease-dropped"; readonly product: string; readonly reason: string };

export interface AttemptReport extends AttemptOutcome {
  readonly product: string;
  /** What became of it, in a sentence. */
  readonly message: string;
  readonly record: ProductRecord;
  readonly effects: readonly ClientEffect[];
}

/** How much time a power cut can hide from the mark of time on disk. */
const MARK_SAVE_MS = HOUR_MS;

/**
 * The client of one state folder. All it knows is on disk, so that several processes (an agent, a
 * command, a vendor's program) agree: each change is read, made and written under the folder's lock.
 */
export class KmsClient {
  readonly folder: StateFolder;
  readonly system: ClientSystem;
  readonly policy: Policy;
  readonly #finders: ClientOptions["finders"];
  readonly #transport: Transport;
  readonly #notice: (notice: ClientNotice) => void;
  /** Products whose record this process has followed since it wrote or read it first. */
  readonly #followed = new Set<string>();

  constructor(options: ClientOptions, notice: (notice: ClientNotice) => void = () => {}) {
    this.folder = options.folder;
    this.system = options.system ?? SYSTEM;
    this.policy = options.policy ?? DEFAULT_POLICY;
    this.#finders = options.finders;
    this.#transport = options.transport;
    this.#notice = notice;
  }

  /**
   * Makes the client ready for a product: identity, pinned vendor key, record. Harmless when done
   * already. A state made on another machine is rearmed.
   *
   * @throws {VendorKeyNeededError} no key is given and none is pinned.
   */
  async install(product: string, vendorKey?: PublicJwk): Promise<PinChange> {
    return this.folder.locked(async () => {
      const settings = await this.folder.readSettings();
      const key = vendorKey ?? requirePin(settings, product);
      const pinned = withPin(settings, product, key);
      if (pinned.change !== "unchanged") await this.folder.writeSettings(pinned.settings);
      const identity = await this.#openIdentity(pinned.settings);
      const record = await this.#openRecord(product);
      await this.#keepOnlyTrusted(record, identity, key);
      return pinned.change;
    });
  }

  /** Rearms if the folder came from another machine; called by the agent now and then. */
  async checkMachine(): Promise<void> {
    const identity = await openIdentity(this.folder, this.system);
    if (!identity.onOtherMachine) return;
    await this.folder.locked(async () => this.#openIdentity(await this.folder.readSettings()));
  }

  /** A new identity: key and CMID. Products, pinned keys and the configured host stay. */
  async rearm(): Promise<ClientIdentity> {
    return this.folder.locked(async () => this.#rearm(await this.folder.readSettings()));
  }

  /** Lets time pass for a product and says what is to be done. */
  async tick(product: string): Promise<readonly ClientEffect[]> {
    const record = await this.#record(product);
    const { effects } = this.#step(record, "tick");
    const notable = effects.some(
      ({ type }) => type === "status-changed" || type === "clock-stepped",
    );
    const { markMs } = record.state.time;
    const staleMs = standingOf(record, this.system.clock, this.policy).timeMs - markMs;
    if (!notable && staleMs < MARK_SAVE_MS) {
      this.#followed.add(product);
      return effects;
    }
    const kept = await this.folder.locked(() => this.#apply(product, "tick"));
    return kept.effects;
  }

  /** Notes the time reached, before the client stops. */
  async saveTime(product: string): Promise<void> {
    await this.folder.locked(() => this.#apply(product, "tick"));
  }

  /**
   * Contacts a host for a product, whether an attempt is due or not, and keeps what came of it.
   * Rejects with the signal's reason if that aborts; then nothing is kept.
   */
  async attempt(product: string, signal?: AbortSignal): Promise<AttemptReport> {
    const settings = await this.folder.readSettings();
    const key = requirePin(settings, product);
    const identity = await this.folder.locked(() => this.#openIdentity(settings));
    const record = await this.#record(product);
    const outcome = await attemptActivation({
      ...standingOf(record, this.system.clock, this.policy),
      system: this.system,
      policy: this.policy,
      identity,
      agent: `kms-client/${VERSION}`,
      product,
      vendorThumbprint: vendorThumbprint(key),
      finders: this.#finders(knownHosts(settings, record.host)),
      transport: this.#transport,
      seen: seenGenerations(record),
      ...(signal && { signal }),
    });
    const message = outcomeSentence(product, outcome);
    const kept = await this.#keepOutcome(product, identity, outcome, {
      message,
      ...(outcome.reply.kind === "activated" && {
        tokens: outcome.reply.tokens,
        ...withGeneration(record.generations, outcome.reply.lease),
      }),
      ...(outcome.reply.kind !== "failed" && outcome.host && { host: outcome.host }),
    });
    return { ...outcome, product, message, ...kept };
  }

  async #keepOutcome(
    product: string,
    { signer }: ClientIdentity,
    outcome: AttemptOutcome,
    over: Partial<ProductRecord>,
  ) {
    return this.folder.locked(async () => {
      const machine = await this.folder.readMachine();
      if (machine?.clientKey.x !== signer.publicJwk.x) {
        throw new StateChangedError("The client was rearmed during the attempt: try again.");
      }
      return this.#apply(product, (at) => this.#eventOf(outcome, at), over);
    });
  }

  #eventOf({ reply }: AttemptOutcome, at: Instant): ClientEvent {
    const random = this.system.random();
    switch (reply.kind) {
      case "activated": {
        const { iat, exp } = reply.lease;
        const lease = { issuedMs: iat * SECOND_MS, expiresMs: exp * SECOND_MS };
        return { ...reply, type: "attempt-succeeded", at, random, lease };
      }
      case "below-threshold":
        return { ...reply, type: "attempt-refused", at, random };
      case "failed":
        return { ...reply, type: "attempt-failed", at, random };
    }
  }

  #step(record: ProductRecord, event: "tick" | ((at: Instant) => ClientEvent)) {
    const continuous = this.#followed.has(record.product);
    const at = readingSince(record, this.system.clock, continuous);
    const made = event === "tick" ? ({ type: "tick", at } as const) : event(at);
    const { state, effects } = stepClient(record.state, made, this.policy);
    return { state: state as InstalledState, effects };
  }

  /** Under the lock: applies an event to what is on disk and writes the result. */
  async #apply(
    product: string,
    event: "tick" | ((at: Instant) => ClientEvent),
    over: Partial<ProductRecord> = {},
  ) {
    const before = await this.#openRecord(product);
    const { state, effects } = this.#step(before, event);
    const monotonicMs = this.system.clock.monotonicMs();
    const record: ProductRecord = { ...before, ...over, state, monotonicMs };
    await this.folder.writeRecord(record);
    this.#followed.add(product);
    return { record, effects };
  }

  async #record(product: string): Promise<ProductRecord> {
    try {
      const record = await this.folder.readRecord(product);
      if (record) return record;
    } catch (error) {
      if (!(error instanceof StateDamagedError)) throw error;
    }
    return this.folder.locked(() => this.#openRecord(product));
  }

  /** Under the lock: the record, made anew where it is missing or damaged. */
  async #openRecord(product: string): Promise<ProductRecord> {
    try {
      const record = await this.folder.readRecord(product);
      if (record) return record;
    } catch (error) {
      if (!(error instanceof StateDamagedError)) throw error;
      const kept = await setAside(error.path, this.system.clock.nowMs());
      this.#notice({ kind: "state-damaged", path: error.path, kept });
    }
    const { clock } = this.system;
    const at = { wallMs: clock.nowMs() };
    const { state } = stepClient(UNINSTALLED, { type: "installed", at }, this.policy);
    const record: ProductRecord = {
      schema: 1,
      product,
      state: state as InstalledState,
      monotonicMs: clock.monotonicMs(),
      tokens: null,
      host: null,
      message: null,
    };
    await this.folder.writeRecord(record);
    return record;
  }

  async #openIdentity(settings: Settings): Promise<ClientIdentity> {
    const identity = await openIdentity(this.folder, this.system);
    return identity.onOtherMachine ? this.#rearm(settings) : identity;
  }

  async #rearm(settings: Settings): Promise<ClientIdentity> {
    for (const product of Object.keys(settings.products)) await this.folder.removeRecord(product);
    const identity = await makeIdentity(this.folder, this.system);
    this.#followed.clear();
    this.#notice({ kind: "rearmed", cmid: identity.signer.cmid });
    return identity;
  }

  /** A lease that does not hold, or not by the key now pinned, is not kept. */
  async #keepOnlyTrusted(
    record: ProductRecord,
    { signer }: ClientIdentity,
    key: PublicJwk,
  ): Promise<void> {
    const expected = {
      vendorThumbprint: vendorThumbprint(key),
      cmid: signer.cmid,
      clientThumbprint: signer.thumbprint,
    };
    try {
      const { times } = await verifyStored(record, expected);
      const { lease } = record.state;
      if (lease?.expiresMs === times.expiresMs && lease.issuedMs === times.issuedMs) return;
      await this.folder.writeRecord(withSignedTimes(record, times));
    } catch (error) {
      if (error instanceof NotInstalledError && record.state.lease === null) return;
      if (!(error instanceof NotInstalledError || error instanceof LeaseNotTrustedError))
        throw error;
      const state = withoutLease(record.state);
      await this.folder.writeRecord({ ...record, state, tokens: null });
      this.#notice({ kind: "lease-dropped", product: record.product, reason: error.message });
    }
  }
}
