import { isIP } from "node:net";
import { KmsError } from "../domain/errors.ts";
import { DEFAULT_POLICY, type Policy, policyFaults } from "../domain/policy.ts";
import { DAY_MS, MINUTE_MS } from "../domain/units.ts";
import type { SettingSource } from "../ports/settings.ts";
import { Check, Compile, Create, Default } from "../protocol/typebox.ts";
import { alertsFaults } from "./alerts-faults.ts";
import { dnsFaults } from "./dns-faults.ts";
import { type Config, ConfigSchema } from "./schema.ts";
import { schemaFaults } from "./schema-faults.ts";

/** The configuration cannot be used; the message lists everything that is wrong with it. */
export class ConfigInvalidError extends KmsError {
  readonly code = "config-invalid";
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`The configuration cannot be used:\n${faults.map((fault) => `  - ${fault}`).join("\n")}`);
    this.faults = faults;
  }
}

/** A part of a configuration and where it was written, for messages. */
export interface ConfigLayer {
  readonly source: string;
  /** What kind of place that is; a file unless it says otherwise. */
  readonly origin?: SettingSource;
  readonly values: Readonly<Record<string, unknown>>;
  /** Why its values could not be had at all, or may not stand there. */
  readonly fault?: string;
}

/**
 * Lays configurations over the defaults, later ones over earlier ones, and checks the result.
 *
 * @throws {ConfigInvalidError} listing every fault of every layer at once
 */
export function buildConfig(layers: readonly ConfigLayer[]): Config {
  const faults = layers.flatMap(layerFaults);
  const merged = withDomainDefaults(
    layers.reduce<Record<string, unknown>>(
      (config, { values }) => mergeInto(config, values),
      Create(ConfigSchema) as Record<string, unknown>,
    ),
  );
  if (Check(ConfigSchema.properties.policy, merged.policy)) {
    const policy = policyOf({ policy: merged.policy });
    faults.push(...policyFaults(policy).map((fault) => `policy: ${fault}`));
  }
  // Who is to be told may stand elsewhere than by which server.
  if (Check(ConfigSchema.properties.alerts, merged.alerts)) {
    const last = layers.findLast(({ values }) => values.alerts !== undefined);
    faults.push(...alertsFaults(last?.source ?? "defaults", merged.alerts));
  }
  if (faults.length > 0) throw new ConfigInvalidError(faults);
  return deepFreeze(merged as Config);
}

/** The policy that a configuration describes, in milliseconds. */
export function policyOf({ policy }: Pick<Config, "policy">): Policy {
  return {
    ...DEFAULT_POLICY,
    activationThreshold: policy.activationThreshold,
    cmidRetentionMs: policy.cmidRetentionDays * DAY_MS,
    activationValidityMs: policy.activationValidityDays * DAY_MS,
    renewalIntervalMs: policy.renewalIntervalMinutes * MINUTE_MS,
    retryIntervalMs: policy.retryIntervalMinutes * MINUTE_MS,
    clockSkewMs: policy.clockSkewMinutes * MINUTE_MS,
  };
}

const compiled = Compile(ConfigSchema);

/** Faults of one layer alone: what it leaves out is filled with defaults, so only its own show. */
function layerFaults({ source, values, fault }: ConfigLayer): string[] {
  if (fault !== undefined) return [`${source}: ${fault}`];
  const filled = withDomainDefaults(
    mergeInto(Create(ConfigSchema) as Record<string, unknown>, values),
  );
  const networks = networkFaults(
    source,
    isRecord(filled.rateLimit) ? filled.rateLimit.exempt : undefined,
  );
  if (compiled.Check(filled)) {
    return [...networks, ...dnsFaults(source, filled.dns)];
  }
  const faults = schemaFaults(compiled.Errors(filled), filled, ConfigSchema).map(
    (each) => `${source}: ${each}`,
  );
  return [...faults, ...networks];
}

/** Creating a configuration fills its own options only, not those of the items of a list. */
function withDomainDefaults(config: Record<string, unknown>): Record<string, unknown> {
  const { dns } = config;
  if (!isRecord(dns)) return config;
  const { domains } = ConfigSchema.properties.dns.properties;
  // A copy: what the caller gave stays as it is.
  return { ...config, dns: { ...dns, domains: Default(domains, structuredClone(dns.domains)) } };
}

function networkFaults(source: string, networks: unknown): string[] {
  if (!Check(ConfigSchema.properties.rateLimit.properties.exempt, networks)) return [];
  return networks
    .filter((network) => !parseCidr(network))
    .map(
      (network) => `${source}: rateLimit.exempt: "${network}" is no network such as 192.168.0.0/16`,
    );
}

export interface Cidr {
  readonly address: string;
  readonly prefix: number;
  readonly family: "ipv4" | "ipv6";
}

/** Reads `ADDRESS/PREFIX` (RFC 4632, RFC 4291 section 2.3); a lone address is a network of one. */
export function parseCidr(text: string): Cidr | undefined {
  const [address = "", length, ...rest] = text.split("/");
  const version = isIP(address);
  if (version === 0 || address.includes("%") || rest.length > 0) return undefined;
  const longest = version === 4 ? 32 : 128;
  if (length !== undefined && !/^\d{1,3}$/.test(length)) return undefined;
  const prefix = Number(length ?? longest);
  if (prefix > longest) return undefined;
  return { address, prefix, family: version === 4 ? "ipv4" : "ipv6" };
}

function mergeInto(
  base: Record<string, unknown>,
  values: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const merged = { ...base };
  for (const [key, value] of Object.entries(values)) {
    if (value === undefined) continue;
    const below = base[key];
    const laid = isRecord(below) && isRecord(value) ? mergeInto(below, value) : value;
    // An assignment to "__proto__" would be no member that could be refused as unknown.
    Object.defineProperty(merged, key, { value: laid, enumerable: true, configurable: true });
  }
  return merged;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) {
    if (typeof inner === "object" && inner !== null) deepFreeze(inner);
  }
  return Object.freeze(value);
}

/** Whether the host listens on all addresses of the machine, of one IP version at least. */
export function listensEverywhere(bind: string): boolean {
  return bind === "::" || bind === "0.0.0.0";
}
