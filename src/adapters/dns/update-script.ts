import { isRecordName, plainName, type ServerAddress } from "../../domain/dns-names.ts";
import { DnsFailedError } from "../../ports/dns.ts";
import { addressRecord, type RecordData } from "./dns-record.ts";
import { isSafeName } from "./foreign-name.ts";

/** What must hold for an update to be done (RFC 2136 section 2.4). */
export type Prerequisite =
  | { readonly need: "absent"; readonly name: string; readonly type: RecordData["type"] }
  /** The name has exactly these records of their type. */
  | { readonly need: "exactly"; readonly name: string; readonly records: readonly RecordData[] };

export type Change =
  | {
      readonly change: "add";
      readonly name: string;
      readonly ttlSeconds: number;
      readonly data: RecordData;
    }
  | { readonly change: "delete"; readonly name: string; readonly data: RecordData };

export interface Update {
  readonly server: ServerAddress;
  readonly zone: string;
  readonly prerequisites: readonly Prerequisite[];
  readonly changes: readonly Change[];
}

const MOST_TTL_SECONDS = 0x7fff_ffff;

/**
 * The update in the language of nsupdate. Every part is checked, so that no name and no number can
 * bring a line of its own.
 *
 * @throws {DnsFailedError} `update-failed`: a part is no name, address or number
 */
export function updateScript({ server, zone, prerequisites, changes }: Update): string {
  const lines = [
    `server ${address(server.address)} ${number(server.port, 65_535)}`,
    `zone ${name(zone)}`,
    ...prerequisites.flatMap(prerequisiteLines),
    ...changes.map(changeLine),
    "send",
  ];
  return `${lines.join("\n")}\n`;
}

function prerequisiteLines(prerequisite: Prerequisite): string[] {
  const at = name(prerequisite.name);
  if (prerequisite.need === "absent") return [`prereq nxrrset ${at} ${prerequisite.type}`];
  return prerequisite.records.map((data) => `prereq yxrrset ${at} ${dataText(data)}`);
}

function changeLine(change: Change): string {
  const at = name(change.name);
  const data = dataText(change.data);
  if (change.change === "delete") return `update delete ${at} ${data}`;
  return `update add ${at} ${number(change.ttlSeconds, MOST_TTL_SECONDS)} ${data}`;
}

function dataText(data: RecordData): string {
  if (data.type !== "SRV") return `${data.type} ${address(data.address)}`;
  const { priority, weight, port, target } = data;
  const numbers = [priority, weight, port].map((each) => number(each, 65_535)).join(" ");
  // The root as target says that the service is not offered (RFC 2782).
  return `SRV ${numbers} ${plainName(target) === "" ? "." : foreign(target)}`;
}

/** A target may be another host's, which its administrator named. */
function foreign(target: string): string {
  const plain = plainName(target);
  return isSafeName(plain) ? `${plain}.` : name(target);
}

function name(text: string): string {
  const plain = plainName(text);
  if (isRecordName(plain)) return `${plain}.`;
  throw unusable(`${JSON.stringify(text)} is no name for DNS`);
}

function number(value: number, most: number): string {
  if (Number.isInteger(value) && value >= 0 && value <= most) return String(value);
  throw unusable(`${value} is no whole number up to ${most}`);
}

function address(text: string): string {
  try {
    return addressRecord(text).address;
  } catch (cause) {
    throw unusable(`${JSON.stringify(text)} is no address for DNS`, cause);
  }
}

function unusable(what: string, cause?: unknown): DnsFailedError {
  return new DnsFailedError(
    "update-failed",
    `Nothing was written, as ${what}: correct the machine's name, dns.host or dns.domains.`,
    { cause },
  );
}
