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

/** Where the password of the mail server goes, if root has given one. */
const WITH_PASSWORD = /^alerts\.mail\.(?:host|port|security|user)$/;

/** Lists whose items name files that are root's to choose, and by which member an item is known. */
export const LISTS = [
  { name: "dns.domains", id: "domain", files: ["tsigKeyFile", "keytab", "principal"] },
  { name: "alerts.webhooks", id: "url", files: ["secretFile", "caFile"] },
] as const;

/**
 * Why an option may not be changed while the box runs; null if it may.
 *
 * @param below what command and files say
 */
export function fixedBecause(name: string, below: readonly ConfigLayer[]): string | null {
  const reason = FIXED[name];
  if (reason !== undefined) return reason;
  if (NAMES_FILE.test(name)) return `It names a file of the machine. ${BY_FILE}`;
  const hasPassword = below.some(({ values }) => valueAt(values, "alerts.mail.passwordFile"));
  if (!hasPassword || !WITH_PASSWORD.test(name)) return null;
  return `The password in alerts.mail.passwordFile would go there. ${BY_FILE}`;
}

/** What may not stand in settings, each as a layer with its fault. */
export function settingsRules(
  { source, values, fault }: ConfigLayer,
  below: readonly ConfigLayer[],
): ConfigLayer[] {
  if (fault !== undefined) return [];
  const fixed = [...schemaOptions().keys()].flatMap((name) => {
    const reason = valueAt(values, name) === undefined ? null : fixedBecause(name, below);
    return reason === null ? [] : [`${name} cannot be set here: ${reason}`];
  });
  return [...fixed, ...LISTS.flatMap((list) => fileFaults(list, values))].map((each) => ({
    source,
    origin: "settings",
    values: {},
    fault: each,
  }));
}

function fileFaults(
  { name, files }: (typeof LISTS)[number],
  values: ConfigLayer["values"],
): string[] {
  const items = valueAt(values, name);
  if (!Array.isArray(items)) return [];
  return items.flatMap((item: unknown, index) =>
    files
      .filter((member) => isRecord(item) && item[member] !== undefined)
      .map((member) => `${name}.${index}.${member} cannot be set here. ${BY_FILE}`),
  );
}
