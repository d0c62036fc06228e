import { isIP } from "node:net";
import { Command, Option } from "commander";
import type { Config } from "../../config/schema.ts";
import { addressFault, isHostName, isSameName } from "../../domain/dns-names.ts";
import { RECORD_FORMATS, type RecordFormat, recordLines } from "../../domain/dns-record-formats.ts";
import { type DnsRegistration, registrationOf } from "../../domain/dns-registration.ts";
import { hostNameFault } from "../../domain/host-name.ts";
import type { DnsAnswer } from "../../web/api/dns-schemas.ts";
import { print } from "../support/lines.ts";
import { printJson } from "../support/output.ts";
import { UsageError } from "../support/run-program.ts";
import { AdminClient, BoxNotAnsweringError, BoxNotRunningError } from "./admin-client.ts";
import { type BoxFlags, boxConfig, withBox } from "./options.ts";

interface RecordFlags extends BoxFlags {
  readonly format: RecordFormat;
  readonly domain?: string;
  readonly host?: string;
  readonly address?: readonly string[];
}

/** `kms-box dns record`: what to enter in a DNS server that this box cannot write. */
export function dnsRecordCommand(): Command {
  return withBox(new Command("record"))
    .description("print what to enter by hand in the DNS server")
    .addOption(
      new Option("--format <server>", "in the form of this server")
        .choices([...RECORD_FORMATS])
        .default("bind"),
    )
    .option("--domain <domain>", "the clients' domain (default: those configured)", domainName)
    .option("--host <name>", "name that clients connect to", hostName)
    .option("--address <ip...>", "its addresses (default: this machine's)")
    .addHelpText("after", HELP)
    .action(record);
}

const HELP = `
Port, name and addresses are those of the running box; of a stopped one, those it would have.
Nothing is changed.

Exit status: 0 printed, 2 wrong usage or configuration.

Examples:
  kms-box dns record --domain office.example
  kms-box dns record --domain office.example --format windows
  kms-box dns record --domain office.example --format pihole --address 192.0.2.7`;

async function record(flags: RecordFlags): Promise<void> {
  for (const address of flags.address ?? []) {
    if (isIP(address) === 0) throw new UsageError(`"${address}" is not an IP address.`);
    const fault = addressFault(address);
    if (fault !== null) {
      throw new UsageError(`${address} ${fault}. Give one at which clients reach the box.`);
    }
  }
  const config = await boxConfig(flags);
  const running = await askBox(config.data);
  const registrations = await registrationsOf(flags, config, running);
  if (registrations.length === 0) {
    throw new UsageError("Name your clients' domain: kms-box dns record --domain office.example");
  }
  const lines = registrations.flatMap((each) => recordLines(flags.format, each));
  if (flags.json) printJson({ format: flags.format, records: registrations, lines });
  else print(...lines);
}

/** What the box that runs there says of itself; undefined if none runs or this user may not ask. */
async function askBox(folder: string): Promise<Running | undefined> {
  const client = new AdminClient(folder);
  try {
    const [{ address }, { domains }] = await Promise.all([client.status(), client.dns()]);
    const [, bind = "", port = ""] = /^\[?(.*?)\]?:(\d+)$/.exec(address) ?? [];
    return { bind, port: Number(port), domains };
  } catch (error) {
    if (error instanceof BoxNotRunningError || error instanceof BoxNotAnsweringError)
      return undefined;
    throw error;
  }
}

interface Running {
  readonly bind: string;
  readonly port: number;
  readonly domains: DnsAnswer["domains"];
}

async function registrationsOf(
  flags: RecordFlags,
  { dns, bind, port, data }: Config,
  running: Running | undefined,
): Promise<DnsRegistration[]> {
  const { LinuxMachine } = await import("../../adapters/system/linux-machine.ts");
  const { servedAddresses } = await import("../../compose-dns.ts");
  const machine = new LinuxMachine({ folder: data });
  const host = {
    service: dns.service,
    host: flags.host ?? dns.host,
    hostname: machine.hostname(),
    port: running?.port ?? port,
    ttlSeconds: dns.ttlSeconds,
    addresses: flags.address ?? servedAddresses(running?.bind ?? bind, machine),
  };
  const known = [...(running?.domains ?? []), ...dns.domains];
  const names = flags.domain === undefined ? known.map(({ domain }) => domain) : [flags.domain];
  return [...new Set(names.map((name) => name.toLowerCase()))].map((name) => {
    const published = running?.domains.find(({ domain }) => isSameName(domain, name));
    const configured = dns.domains.find(({ domain }) => isSameName(domain, name));
    const { priority, weight } = published ?? configured ?? { priority: 0, weight: 100 };
    const domain = { domain: name, priority, weight, publishAddresses: true };
    const own = published && flags.host === undefined ? { host: published.target } : {};
    return registrationOf({ ...host, ...own }, domain);
  });
}

function domainName(text: string): string {
  const name = text.replace(/\.$/, "");
  if (isHostName(name)) return name;
  throw new UsageError(`"${text}" is not the name of a domain, such as office.example.`);
}

function hostName(text: string): string {
  const name = text.replace(/\.$/, "");
  const fault = hostNameFault(name);
  if (fault === null) return name;
  throw new UsageError(`"${text}" ${fault}. Give a name such as kms.office.example.`);
}
