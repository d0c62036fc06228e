import { existsSync } from "node:fs";
import { join } from "node:path";
import { isHostName } from "../../domain/dns-names.ts";
import { dnsKeyFile } from "../../ports/settings.ts";
import type { Config } from "../schema.ts";

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
