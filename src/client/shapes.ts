import type { PublicJwk } from "../domain/claims.ts";
import type { InstalledState } from "../domain/client-state.ts";
import type { Generations } from "../protocol/lease.ts";
import type { MachinePrint } from "./fingerprint.ts";
import type { HostAddress } from "./host-address.ts";

/**
 * What the files of the state folder hold. Checked by hand: loading the schema compiler would make
 * every call of the command line wait.
 */

/** Configuration, kept apart from state so that it outlives a rearm. */
export interface Settings {
  readonly schema: 1;
  readonly host: HostAddress | null;
  /** Whether to ask the machine's own links for a host; so unless set to false. */
  readonly mdns?: boolean;
  /** The vendor key pinned for each product. */
  readonly products: Readonly<Record<string, { readonly vendorKey: PublicJwk }>>;
}

/** The machine and the public part of the client's key, for programs that may not read the key. */
export interface MachineFile extends MachinePrint {
  readonly schema: 1;
  readonly clientKey: PublicJwk;
}

/** How a host was found. */
export interface FoundHost extends HostAddress {
  readonly how: "configured" | "srv" | "mdns" | "cache";
  /** For a person: where it was found and why it was chosen. */
  readonly why: string;
}

/** Everything about one product. */
export interface ProductRecord {
  readonly schema: 1;
  readonly product: string;
  readonly state: InstalledState;
  /** Monotonic clock when `state` was written. */
  readonly monotonicMs: number;
  readonly tokens: LeaseTokens | null;
  /** The host that worked last. */
  readonly host: FoundHost | null;
  /** The highest generation seen of each host that activated this client; none above 1 if missing. */
  readonly generations?: Generations;
  /** What came of the last attempt, in a sentence. */
  readonly message: string | null;
}

export interface LeaseTokens {
  readonly lease: string;
  readonly licence: string;
}

type Fields = Record<string, unknown>;

export function isSettings(value: unknown): value is Settings {
  return (
    isObject(value) &&
    value.schema === 1 &&
    (value.host === null || isHostAddress(value.host)) &&
    (value.mdns === undefined || typeof value.mdns === "boolean") &&
    isObject(value.products) &&
    Object.values(value.products).every((entry) => isObject(entry) && isPublicJwk(entry.vendorKey))
  );
}

export function isMachineFile(value: unknown): value is MachineFile {
  return (
    isObject(value) &&
    value.schema === 1 &&
    areTexts(value, ["salt", "fingerprint"]) &&
    isPublicJwk(value.clientKey) &&
    isObject(value.identifiers) &&
    [value.identifiers.hardware, value.identifiers.os, value.identifiers.network].every(
      (list) => Array.isArray(list) && list.every((item) => typeof item === "string"),
    )
  );
}

export function isProductRecord(value: unknown): value is ProductRecord {
  return (
    isObject(value) &&
    value.schema === 1 &&
    areTexts(value, ["product"]) &&
    areTimes(value, ["monotonicMs"]) &&
    isState(value.state) &&
    (value.tokens === null ||
      (isObject(value.tokens) && areTexts(value.tokens, ["lease", "licence"]))) &&
    (value.host === null || isFoundHost(value.host)) &&
    (value.generations === undefined || isGenerations(value.generations)) &&
    (value.message === null || typeof value.message === "string")
  );
}

function isState(value: unknown): boolean {
  return (
    isObject(value) &&
    value.kind === "installed" &&
    areTimes(value, ["installedMs"]) &&
    isObject(value.time) &&
    areTimes(value.time, ["markMs", "wallMs", "reportedAheadMs"]) &&
    (value.lease === null ||
      (isObject(value.lease) && areTimes(value.lease, ["issuedMs", "expiresMs"]))) &&
    isObject(value.schedule) &&
    areTimes(value.schedule, SCHEDULE_MEMBERS) &&
    (value.lastAttempt === null || isAttempt(value.lastAttempt))
  );
}

const SCHEDULE_MEMBERS = ["renewalIntervalMs", "retryIntervalMs", "nextAttemptMs", "failures"];

function isAttempt(value: unknown): boolean {
  return (
    isObject(value) && areTimes(value, ["atMs"]) && isObject(value.result) && isResult(value.result)
  );
}

function isResult(result: Fields): boolean {
  if (result.kind === "below-threshold") return areTimes(result, ["count", "threshold"]);
  if (result.kind === "failed") return typeof result.reason === "string";
  return result.kind === "activated";
}

function isGenerations(value: unknown): boolean {
  return isObject(value) && areTimes(value, Object.keys(value));
}

function isFoundHost(value: unknown): boolean {
  return isHostAddress(value) && areTexts(value as unknown as Fields, ["how", "why"]);
}

function isHostAddress(value: unknown): value is HostAddress {
  return isObject(value) && areTexts(value, ["host"]) && Number.isInteger(value.port);
}

function isPublicJwk(value: unknown): value is PublicJwk {
  return (
    isObject(value) && value.kty === "OKP" && value.crv === "Ed25519" && areTexts(value, ["x"])
  );
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function areTexts(value: Fields, names: readonly string[]): boolean {
  return names.every((name) => typeof value[name] === "string");
}

function areTimes(value: Fields, names: readonly string[]): boolean {
  return names.every((name) => Number.isSafeInteger(value[name]));
}
