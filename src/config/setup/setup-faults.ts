import { isIP } from "node:net";
import { isHostName, isRecordName } from "../../domain/dns-names.ts";
import { buildConfig, ConfigInvalidError, isRecord } from "../config.ts";
import { dnsFaults } from "../dns-faults.ts";
import { networkFaults } from "./network-faults.ts";
import type { Setup, SetupDomain } from "./setup-schema.ts";
import { sshKeyFault } from "./ssh-key-fault.ts";
import { withoutNulls } from "./without-nulls.ts";

/** As short as RFC 8945 lets a secret be: half of the shortest hash. */
const SHORTEST_SECRET_BYTES = 16;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const PLAIN_FILE = /^[^/\\:*?"<>|\p{Cc}]+$/u;
const ACCOUNT = /^[a-z_][a-z0-9_-]*$/;

/** What no schema can say of a setup file, each fault beginning with its place. */
export function setupFaults(setup: Setup): string[] {
  return [
    ...hostNameFaults(setup),
    ...(setup.network ? networkFaults(setup.network) : []),
    ...timeServerFaults(setup),
    ...domainsFaults(setup.dnsDomains ?? []),
    ...licenceFaults(setup),
    ...administratorFaults(setup),
    ...settingsFaults(setup),
  ];
}

function hostNameFaults({ hostName }: Setup): string[] {
  if (hostName === undefined || (isHostName(hostName) && !hostName.includes("."))) return [];
  return [
    `hostName: "${hostName}" is no name of one word such as kms-box: letters, digits and hyphens; ` +
      "the domain comes from the network",
  ];
}

function timeServerFaults({ ntpServers = [] }: Setup): string[] {
  return ntpServers
    .filter((each) => isIP(each) === 0 && (!isHostName(each) || /^[\d.]+$/.test(each)))
    .map((each) => `ntpServers: "${each}" is no name or address such as ntp.office.example`);
}

const DOMAIN_DEFAULTS = { priority: 0, weight: 100, publishAddresses: true };

function domainsFaults(domains: readonly SetupDomain[]): string[] {
  const options = domains.map((each) => ({ ...DOMAIN_DEFAULTS, ...each }));
  const keys = domains.flatMap(({ tsigKey }, index) => {
    const faults: string[] = [];
    if (tsigKey && !isRecordName(tsigKey.name.replace(/\.$/, ""))) {
      faults.push(`name: "${tsigKey.name}" is no name of a key such as kms-updater`);
    }
    if (tsigKey?.secret !== undefined && !isSecret(tsigKey.secret)) {
      faults.push("secret: this is no secret in base64 as tsig-keygen writes it");
    }
    return faults.map((fault) => `dnsDomains.${index}.tsigKey.${fault}`);
  });
  const prefix = "setup: dns.domains.";
  const places = domainFaults(options).map((fault) => `dnsDomains.${fault.slice(prefix.length)}`);
  return [...places, ...keys];
}

function domainFaults(domains: Parameters<typeof dnsFaults>[1]["domains"]): string[] {
  const { dns } = buildConfig([]);
  return dnsFaults("setup", { ...dns, domains });
}

function isSecret(text: string): boolean {
  return BASE64.test(text) && Buffer.from(text, "base64").length >= SHORTEST_SECRET_BYTES;
}

function licenceFaults({ licence }: Setup): string[] {
  if (!licence) return [];
  const { file, token } = licence;
  if ((file === undefined) === (token === undefined)) {
    return ["licence: it needs either file, the name of the licence's file, or token, its text"];
  }
  if (file === undefined || (PLAIN_FILE.test(file) && !file.startsWith("."))) return [];
  return [`licence.file: "${file}" is no name of a file beside kms-box.json, such as licence.jwt`];
}

function administratorFaults({ administrator }: Setup): string[] {
  if (!administrator) return [];
  const { user, sshKeys } = administrator;
  const faults = sshKeys.flatMap((key, index) => {
    const fault = sshKeyFault(key);
    return fault === undefined ? [] : [`administrator.sshKeys.${index}: ${fault}`];
  });
  if (user !== undefined && !ACCOUNT.test(user)) {
    faults.unshift(`administrator.user: "${user}" is no name of an account`);
  }
  return faults;
}

/** The service may write in its own state folder only, and licences have a part of their own. */
const NOT_HERE: Readonly<Record<string, string>> = {
  data: "the box keeps its state where its package says",
  licence: 'write "licence" beside "settings"',
};

function settingsFaults({ settings, dnsDomains }: Setup): string[] {
  if (!settings) return [];
  const faults = Object.entries(NOT_HERE)
    .filter(([key]) => Object.hasOwn(settings, key))
    .map(([key, why]) => `settings: ${key} cannot be set here: ${why}`);
  if (dnsDomains && isRecord(settings.dns) && Object.hasOwn(settings.dns, "domains")) {
    faults.push("settings: dns.domains and dnsDomains are the same: leave one of them out");
  }
  try {
    buildConfig([{ source: "settings", values: withoutNulls(settings) }]);
  } catch (error) {
    if (!(error instanceof ConfigInvalidError)) throw error;
    faults.push(...error.faults);
  }
  return faults;
}
