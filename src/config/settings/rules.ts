import { type ConfigLayer, isRecord } from "../config.ts";
import { schemaOptions, valueAt } from "./options.ts";

const BY_FILE = "Set it in the configuration file.";

/** Options that an administrator of the running box may not change, and why. */
const FIXED: Readonly<Record<string, string>> = {
  data: `The settings lie in that folder. ${BY_FILE}`,
  bind: `With a wrong address the box could not start any more. ${BY_FILE}`,
  port: `Clients would not find the box before DNS tells them, or it could not start. ${BY_FILE}`,
  "web.enabled": `These pages could not turn themselves on again. ${BY_FILE}`,
  "backup.recipient": `Who has its key can read the backups on a USB stick. ${BY_FILE}`,
  "licence.addVendor": `It belongs to licence.file. ${BY_FILE}`,
};

/** Names of files, which root chooses. */
const NAMES_FILE = /(?:^|\.)(?:file|[a-zA-Z]*File)$/;

/** What a domain has beside what may be set of it: the keys, which are uploaded. */
export const KEY_MEMBERS = ["tsigKeyFile", "keytab", "principal"] as const;

/** Why an option may not be changed while the box runs; null if it may. */
export function fixedBecause(name: string): string | null {
  const reason = FIXED[name];
  if (reason !== undefined) return reason;
  return NAMES_FILE.test(name) ? `It names a file of the machine. ${BY_FILE}` : null;
}

/** What may not stand in settings, each as a layer with its fault. */
export function settingsRules({ source, values, fault }: ConfigLayer): ConfigLayer[] {
  if (fault !== undefined) return [];
  const fixed = [...schemaOptions().keys()].flatMap((name) => {
    const reason = valueAt(values, name) === undefined ? null : fixedBecause(name);
    return reason === null ? [] : [`${name} cannot be set here: ${reason}`];
  });
  return [...fixed, ...keyFaults(valueAt(values, "dns.domains"))].map((each) => ({
    source,
    origin: "settings",
    values: {},
    fault: each,
  }));
}

function keyFaults(domains: unknown): string[] {
  if (!Array.isArray(domains)) return [];
  return domains.flatMap((domain, index) =>
    KEY_MEMBERS.filter((member) => isRecord(domain) && domain[member] !== undefined).map(
      (member) =>
        `dns.domains.${index}.${member} cannot be set here: upload the key of the domain, or name ` +
        "its file in the configuration file.",
    ),
  );
}
