import { isHostName, isRecordName, isSameName, isWithin } from "./dns-names.ts";
import type { DnsRegistration } from "./dns-registration.ts";
import { KmsError } from "./errors.ts";
import { targetFault } from "./host-name.ts";

/** The servers whose administrators are told what to enter. */
export const RECORD_FORMATS = ["bind", "windows", "dnsmasq", "unbound", "pihole", "hosts"] as const;

export type RecordFormat = (typeof RECORD_FORMATS)[number];

/** A record that no server would take. */
export class RecordInvalidError extends KmsError {
  readonly code = "record-invalid";
}

const MOST = 65_535;
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * What to enter in a DNS server by hand so that clients find the host: lines of the server's own
 * configuration, with comments where something is to be done besides.
 *
 * @throws {RecordInvalidError} a name, number or address that would mean something else there
 */
export function recordLines(format: RecordFormat, registration: DnsRegistration): string[] {
  check(registration);
  return FORMATS[format](registration);
}

const FORMATS: Readonly<Record<RecordFormat, (registration: DnsRegistration) => string[]>> = {
  bind: bindLines,
  windows: windowsLines,
  dnsmasq: (registration) => [
    "# In a file of /etc/dnsmasq.d; then restart dnsmasq.",
    ...dnsmasqLines(registration),
  ],
  unbound: unboundLines,
  pihole: piholeLines,
  hosts: hostsLines,
};

/** A zone file's (RFC 1035 section 5, RFC 2782); names are whole, so that no $ORIGIN matters. */
function bindLines(registration: DnsRegistration): string[] {
  const { domain } = registration;
  return [
    `; In the zone file of ${domain}; then raise the serial of its SOA and reload the zone.`,
    ...zoneLines(registration),
    ...elsewhere(registration, ";"),
  ];
}

function zoneLines(registration: DnsRegistration): string[] {
  const { name, target, port, priority, weight, ttlSeconds } = registration;
  return [
    `${name}. ${ttlSeconds} IN SRV ${priority} ${weight} ${port} ${target}.`,
    ...registration.addresses.map(
      (address) => `${target}. ${ttlSeconds} IN ${typeOf(address)} ${address}`,
    ),
  ];
}

/** Cmdlets of the DnsServer module; in single quotes PowerShell replaces nothing. */
function windowsLines(registration: DnsRegistration): string[] {
  const { domain, name, target, port, priority, weight, ttlSeconds } = registration;
  const record = (type: string, owner: string) =>
    `Add-DnsServerResourceRecord -${type} -ZoneName '${domain}' -Name '${relative(owner, domain)}'`;
  const life = `-TimeToLive ${timeSpan(ttlSeconds)}`;
  return [
    "# In PowerShell on the DNS server, as its administrator.",
    `${record("Srv", name)} -DomainName '${target}' -Priority ${priority} -Weight ${weight} -Port ${port} ${life}`,
    ...registration.addresses.map((address) => {
      const type = typeOf(address);
      const version = type === "A" ? 4 : 6;
      return `${record(type, target)} -IPv${version}Address '${address}' ${life}`;
    }),
    ...elsewhere(registration, "#"),
  ];
}

/** Its manual's `srv-host` and `host-record`, which has room for one address of each family. */
function dnsmasqLines(registration: DnsRegistration): string[] {
  const { name, target, port, priority, weight, ttlSeconds } = registration;
  return [
    `srv-host=${name},${target},${port},${priority},${weight}`,
    ...registration.addresses.map((address) => `host-record=${target},${address},${ttlSeconds}`),
    ...elsewhere(registration, "#"),
  ];
}

function unboundLines(registration: DnsRegistration): string[] {
  return [
    "# In a file of /etc/unbound/unbound.conf.d; then reload unbound.",
    "server:",
    ...zoneLines(registration).map((line) => `    local-data: "${line}"`),
    ...elsewhere(registration, "#"),
  ];
}

function piholeLines(registration: DnsRegistration): string[] {
  const lines = dnsmasqLines(registration);
  const listed = lines.filter((line) => !line.startsWith("#")).map((line) => `"${line}"`);
  return [
    "# Pi-hole 5: this is /etc/dnsmasq.d/90-kms-box.conf; then: pihole restartdns",
    "# Pi-hole 6 reads that file only with misc.etc_dnsmasq_d. Without it, run this instead. It",
    "# replaces the lines that are set already, so add those to it:",
    `# sudo pihole-FTL --config misc.dnsmasq_lines '[${listed.join(", ")}]'`,
    ...lines,
  ];
}

function hostsLines({ target, port, addresses }: DnsRegistration): string[] {
  return [
    "# A hosts file has no SRV records. Each client is told once:",
    `#   kms-client set-host ${target}:${port}`,
    "# and finds the address in its /etc/hosts, or %SystemRoot%\\System32\\drivers\\etc\\hosts:",
    ...(addresses.length > 0
      ? addresses.map((address) => `${address} ${target}`)
      : [`# ADDRESS ${target}`]),
  ];
}

/** A target in another zone has its addresses there; in this one it must have some. */
function elsewhere({ target, domain, addresses }: DnsRegistration, comment: string): string[] {
  if (!isWithin(target, domain)) {
    return [`${comment} ${target} is not in ${domain}: its addresses belong to another zone.`];
  }
  if (addresses.length > 0) return [];
  return [
    `${comment} This machine has no address that clients could reach: enter that of ${target} too,`,
    `${comment} or have it printed here: --address ADDRESS.`,
  ];
}

function typeOf(address: string): "A" | "AAAA" {
  return address.includes(":") ? "AAAA" : "A";
}

function relative(name: string, domain: string): string {
  return isSameName(name, domain) ? "@" : name.slice(0, -domain.length - 1);
}

/** .NET's `TimeSpan`, as in 1.00:00:00 for a day. */
function timeSpan(seconds: number): string {
  const days = Math.floor(seconds / DAY);
  const parts = [(seconds % DAY) / HOUR, (seconds % HOUR) / MINUTE, seconds % MINUTE];
  const clock = parts.map((part) => String(Math.floor(part)).padStart(2, "0")).join(":");
  return days > 0 ? `${days}.${clock}` : clock;
}

const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;
const IPV6 = /^(?=.*:)[0-9a-f:]{2,39}$|^[0-9a-f:]*:(?:\d{1,3}\.){3}\d{1,3}$/i;

function check(registration: DnsRegistration): void {
  const { name, domain, target, addresses, port, priority, weight, ttlSeconds } = registration;
  if (!isHostName(domain)) throw invalid(`"${domain}" is not the name of a domain.`);
  if (!isRecordName(name) || !isWithin(name, domain)) {
    throw invalid(`"${name}" is not a name in ${domain}.`);
  }
  const unnamed = targetFault({ target });
  if (unnamed !== null) throw invalid(`${unnamed} Or give one with --host.`);
  for (const [what, value, least] of [
    ["port", port, 1],
    ["priority", priority, 0],
    ["weight", weight, 0],
  ] as const) {
    if (!isWhole(value, least, MOST))
      throw invalid(`${what} ${value} is not from ${least} to ${MOST}.`);
  }
  if (!isWhole(ttlSeconds, 0, 2 ** 31 - 1)) throw invalid(`${ttlSeconds} is not a time to live.`);
  const wrong = addresses.find((address) => !IPV4.test(address) && !IPV6.test(address));
  if (wrong !== undefined) throw invalid(`"${wrong}" is not an IP address.`);
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

function invalid(message: string): RecordInvalidError {
  return new RecordInvalidError(message);
}
