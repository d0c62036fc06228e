import { existsSync } from "node:fs";
import { join } from "node:path";
import { isHostName, isSameName } from "../../domain/dns-names.ts";
import { dnsKeyFile } from "../../ports/settings.ts";
import { type ConfigLayer, isRecord } from "../config.ts";
import type { Config } from "../schema.ts";
import { valueAt, withValue } from "./options.ts";
import { KEY_MEMBERS } from "./rules.ts";

/** A list of domains stands for the whole of those below it; the keys that root gave them stay. */
export function withInheritedKeys(layer: ConfigLayer, below: readonly ConfigLayer[]): ConfigLayer {
  const domains = valueAt(layer.values, "dns.domains");
  if (!Array.isArray(domains)) return layer;
  const former = below
    .map(({ values }) => valueAt(values, "dns.domains"))
    .findLast((each) => Array.isArray(each));
  const inherited = domains.map((domain: unknown) =>
    isRecord(domain) ? { ...keysOf(domain, former ?? []), ...domain } : domain,
  );
  return { ...layer, values: withValue(layer.values, "dns.domains", inherited) };
}

function keysOf(
  { domain }: Record<string, unknown>,
  former: readonly unknown[],
): Record<string, unknown> {
  const same = former.find(
    (each) => isRecord(each) && isSameName(String(each.domain), String(domain)),
  );
  if (!isRecord(same)) return {};
  const members = KEY_MEMBERS.filter((member) => same[member] !== undefined);
  return Object.fromEntries(members.map((member) => [member, same[member]]));
}

/** Keys that the administrator uploaded take the place of those that the configuration names. */
export function withKeyFiles(config: Config): Config {
  const { domains } = config.dns;
  const path = (domain: string) => join(config.data, dnsKeyFile(domain));
  const isUploaded = ({ domain, keytab }: (typeof domains)[number]) =>
    keytab === undefined && isHostName(domain) && existsSync(path(domain));
  if (!domains.some(isUploaded)) return config;
  const keyed = domains.map((each) =>
    isUploaded(each) ? Object.freeze({ ...each, tsigKeyFile: path(each.domain) }) : each,
  );
  const dns = Object.freeze({ ...config.dns, domains: Object.freeze(keyed) as typeof domains });
  return Object.freeze({ ...config, dns });
}
