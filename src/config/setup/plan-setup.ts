import { plainName } from "../../domain/dns-names.ts";
import type { PlannedFile, SetupReload, SystemFacts } from "../../ports/setup.ts";
import { isRecord } from "../config.ts";
import type { ReadSetup } from "./read-setup.ts";
import {
  chronySources,
  hostsText,
  networkProfile,
  sshdDropIn,
  timesyncdDropIn,
  tsigKeyText,
} from "./setup-files.ts";
import { SETUP_PATHS } from "./setup-paths.ts";
import type { Setup, SetupDomain } from "./setup-schema.ts";
import { patched } from "./without-nulls.ts";

/** What a setup file makes of a system. */
export interface SetupPlan {
  readonly files: readonly PlannedFile[];
  /** Paths that must not be there; files only. */
  readonly removals: readonly string[];
  /** The configuration's part that setup keeps. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** What must be told of a change of these paths. */
  readonly reloads: Readonly<Record<SetupReload, readonly string[]>>;
  readonly hostName?: string;
  /** The setup file without its secrets; undefined if it has none. */
  readonly emptied?: string;
  /** What this system lacks. */
  readonly faults: readonly string[];
}

type Part = Pick<SetupPlan, "files" | "removals"> & { readonly faults?: readonly string[] };

const NOTHING: Part = { files: [], removals: [] };
const EVERYBODY = 0o644;
const OWNER_ONLY = 0o600;
const OWNER_AND_GROUP = 0o640;

/**
 * What must be done so that a system is as its setup file says. Doing it twice is the same as once;
 * what the file leaves out stays as it is, and what it has as null is undone.
 *
 * @param licence the licence's text, if the file names one
 */
export function planSetup(read: ReadSetup, facts: SystemFacts, licence?: string): SetupPlan {
  const { setup } = read;
  const settings = newSettings(read, facts);
  const parts = [
    hostNamePart(setup, facts),
    networkPart(read),
    timeServersPart(read, facts),
    keysPart(setup.dnsDomains ?? [], settings, facts),
    licencePart(read, licence),
    administratorPart(read, facts),
  ];
  const emptied = withoutSecrets(read);
  return {
    files: [
      ...parts.flatMap(({ files }) => files),
      { path: SETUP_PATHS.settings, content: json(settings), mode: EVERYBODY },
    ],
    removals: parts.flatMap(({ removals }) => removals),
    faults: parts.flatMap(({ faults = [] }) => faults),
    settings,
    reloads: {
      "host-name": [SETUP_PATHS.hostName],
      network: [SETUP_PATHS.network],
      "time-servers": [SETUP_PATHS.timesyncd, SETUP_PATHS.chrony],
      ssh: [SETUP_PATHS.sshd],
    },
    ...(setup.hostName === undefined ? {} : { hostName: setup.hostName }),
    ...(emptied === undefined ? {} : { emptied }),
  };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function newSettings({ setup, undone }: ReadSetup, facts: SystemFacts): Record<string, unknown> {
  const { licence, dns } = facts.settings;
  const own = {
    ...(licence === undefined ? {} : { licence }),
    ...(isRecord(dns) && dns.domains !== undefined ? { dns: { domains: dns.domains } } : {}),
  };
  const before = undone.has("settings") ? own : facts.settings;
  const domains = setup.dnsDomains?.map(({ tsigKey, ...domain }) => ({
    ...domain,
    ...(tsigKey ? { tsigKeyFile: keyPath(domain.domain) } : {}),
  }));
  const added = setup.licence?.addVendor ?? false;
  const parts = {
    ...(domains ? { dns: { domains } } : {}),
    ...(undone.has("dnsDomains") ? { dns: { domains: null } } : {}),
    ...(setup.licence ? { licence: { file: SETUP_PATHS.licence, addVendor: added } } : {}),
    ...(undone.has("licence") ? { licence: null } : {}),
  };
  return patched(patched(before, setup.settings ?? {}), parts);
}

function hostNamePart({ hostName }: Setup, { hosts }: SystemFacts): Part {
  if (hostName === undefined) return NOTHING;
  return {
    files: [
      { path: SETUP_PATHS.hosts, content: hostsText(hosts, hostName), mode: EVERYBODY },
      { path: SETUP_PATHS.hostName, content: `${hostName}\n`, mode: EVERYBODY },
    ],
    removals: [],
  };
}

function networkPart({ setup: { network }, undone }: ReadSetup): Part {
  if (undone.has("network")) return { files: [], removals: [SETUP_PATHS.network] };
  if (!network) return NOTHING;
  const content = networkProfile(network);
  return { files: [{ path: SETUP_PATHS.network, content, mode: OWNER_ONLY }], removals: [] };
}

function timeServersPart({ setup: { ntpServers }, undone }: ReadSetup, facts: SystemFacts): Part {
  const { timesyncd, chrony } = SETUP_PATHS;
  if (undone.has("ntpServers")) return { files: [], removals: [timesyncd, chrony] };
  if (!ntpServers) return NOTHING;
  const files: PlannedFile[] = [
    { path: timesyncd, content: timesyncdDropIn(ntpServers), mode: EVERYBODY },
  ];
  if (facts.chrony) {
    files.push({ path: chrony, content: chronySources(ntpServers), mode: EVERYBODY });
  }
  return { files, removals: [] };
}

/** The key file of a domain. */
function keyPath(domain: string): string {
  return `${SETUP_PATHS.keys}/${plainName(domain)}.key`;
}

function keysPart(
  domains: readonly SetupDomain[],
  settings: Readonly<Record<string, unknown>>,
  { keyFiles, settings: before }: SystemFacts,
): Part {
  const files: PlannedFile[] = [];
  const faults: string[] = [];
  for (const [index, { domain, tsigKey }] of domains.entries()) {
    if (!tsigKey) continue;
    const path = keyPath(domain);
    if (tsigKey.secret !== undefined) {
      const content = tsigKeyText(tsigKey, tsigKey.secret);
      files.push({ path, content, mode: OWNER_AND_GROUP, group: "kms-box" });
    } else if (!keyFiles.includes(path)) {
      const place = `dnsDomains.${index}.tsigKey.secret`;
      faults.push(`${place}: it is missing, and this box has taken none for ${domain} before`);
    }
  }
  // An administrator's own keys may lie beside those that setup wrote.
  const isNamed = (by: SystemFacts["settings"], path: string) =>
    JSON.stringify(by).includes(JSON.stringify(path));
  const removals = keyFiles.filter((path) => isNamed(before, path) && !isNamed(settings, path));
  return { files, removals, faults };
}

function licencePart({ undone }: ReadSetup, licence: string | undefined): Part {
  const path = SETUP_PATHS.licence;
  if (undone.has("licence")) return { files: [], removals: [path] };
  if (licence === undefined) return NOTHING;
  return { files: [{ path, content: `${licence.trim()}\n`, mode: EVERYBODY }], removals: [] };
}

/** The number that the first person's account has on Debian. */
const FIRST_ACCOUNT = 1000;

function administratorPart(
  { setup: { administrator }, undone }: ReadSetup,
  facts: SystemFacts,
): Part {
  const { sshKeys, sshd } = SETUP_PATHS;
  const former = facts.keyedAccounts.map((name) => `${sshKeys}/${name}`);
  if (undone.has("administrator")) return { files: [], removals: [...former, sshd] };
  if (!administrator) return NOTHING;
  const { user } = administrator;
  const account = facts.accounts.find(({ name, number }) =>
    user === undefined ? number === FIRST_ACCOUNT : name === user,
  );
  if (!account) return { ...NOTHING, faults: [accountFault(user, facts)] };
  const path = `${sshKeys}/${account.name}`;
  const content = administrator.sshKeys.map((key) => `${key.trim()}\n`).join("");
  return {
    files: [
      { path, content, mode: EVERYBODY },
      { path: sshd, content: sshdDropIn(sshKeys), mode: EVERYBODY },
    ],
    removals: former.filter((each) => each !== path),
  };
}

function accountFault(user: string | undefined, { accounts }: SystemFacts): string {
  const people = accounts.filter(({ number }) => number === 0 || isPerson(number));
  const there = `here are ${people.map(({ name }) => name).join(", ") || "none"}`;
  if (user === undefined) {
    return (
      "administrator.user: this system has no account of a person, and setup makes none: let the " +
      `Raspberry Pi Imager make one, or name another (${there})`
    );
  }
  return `administrator.user: there is no account ${user} here, and setup makes none (${there})`;
}

function isPerson(number: number): boolean {
  return number >= FIRST_ACCOUNT && number < 60_000;
}

function withoutSecrets({ setup, document }: ReadSetup): string | undefined {
  const keyed = (setup.dnsDomains ?? []).filter(({ tsigKey }) => tsigKey?.secret !== undefined);
  if (keyed.length === 0) return undefined;
  const names = keyed.map(({ domain }) => domain).join(", ");
  const dnsDomains = setup.dnsDomains?.map(({ tsigKey, ...domain }) => {
    if (!tsigKey) return domain;
    const { secret: _, ...rest } = tsigKey;
    return { ...domain, tsigKey: rest };
  });
  const { _taken, ...others } = document;
  const emptied = {
    _taken:
      `The box has taken the secret of the key for ${names} and removed it from this file. Enter ` +
      "a secret only to change it.",
    ...others,
    dnsDomains,
  };
  return json(emptied).replaceAll("\n", "\r\n");
}
