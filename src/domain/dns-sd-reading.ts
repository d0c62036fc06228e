import { isHostName, isSameName } from "./dns-names.ts";
import { type MdnsQuestion, type MdnsRecord, serviceName } from "./dns-sd.ts";

/** What multicast DNS said, as far as it makes sense. */
export interface MdnsMessage {
  readonly id: number;
  readonly isResponse: boolean;
  readonly questions: readonly MdnsQuestion[];
  /** Of a query, those that the asker knows already (RFC 6762 section 7.1). */
  readonly answers: readonly MdnsRecord[];
  readonly additionals: readonly MdnsRecord[];
}

/** A host that announces itself. */
export interface FoundService {
  readonly instance: string;
  readonly target: string;
  readonly port: number;
  readonly priority: number;
  readonly weight: number;
  readonly addresses: readonly string[];
}

const MOST_RECORDS = 64;
const MOST_NAME = 255;
const MOST_PORT = 65_535;
const IPV4 = /^(?:\d{1,3}\.){3}\d{1,3}$/;
const IPV6 = /^[0-9a-f:]{2,39}(?:(?<=:)(?:\d{1,3}\.){3}\d{1,3})?$/i;

/** Reads a decoded packet from the network; undefined if it is not one. Anybody may have sent it. */
export function readMdnsMessage(packet: unknown): MdnsMessage | undefined {
  if (!isObject(packet) || !isWhole(packet.id, MOST_PORT)) return undefined;
  return {
    id: packet.id,
    isResponse: packet.type === "response",
    questions: listOf(packet.questions).flatMap(readQuestion),
    answers: listOf(packet.answers).flatMap(readRecord),
    additionals: listOf(packet.additionals).flatMap(readRecord),
  };
}

/**
 * The hosts of a service that a response tells of, with the addresses that came along. Another
 * version's and those without a usable address are left out.
 */
export function servicesIn({ answers, additionals }: MdnsMessage, service: string): FoundService[] {
  const records = [...answers, ...additionals].filter(({ ttl }) => ttl > 0);
  const type = serviceName(service);
  return records.flatMap((record) => {
    if (record.type !== "PTR" || !isSameName(record.name, type)) return [];
    if (!record.data.toLowerCase().endsWith(`.${type.toLowerCase()}`)) return [];
    const of = records.filter(({ name }) => isSameName(name, record.data));
    const srv = of.find((each) => each.type === "SRV");
    const txt = of.find((each) => each.type === "TXT");
    if (srv?.type !== "SRV" || txt?.type !== "TXT" || !txt.data.includes("v=1")) return [];
    const addresses = addressesOf(srv.data.target, records);
    if (addresses.length === 0 || srv.data.port === 0) return [];
    const instance = record.data.slice(0, -type.length - 1);
    return [{ ...srv.data, instance: printable(instance), addresses }];
  });
}

/** Addresses that a program can connect to; a link-local one of IPv6 would need its interface. */
function addressesOf(target: string, records: readonly MdnsRecord[]): string[] {
  const found = records.flatMap((record) =>
    (record.type === "A" || record.type === "AAAA") && isSameName(record.name, target)
      ? [record.data]
      : [],
  );
  return [...new Set(found)].filter((address) => !UNUSABLE.test(address));
}

/** Unspecified, loopback, multicast and broadcast ones, and link-local ones of IPv6. */
const UNUSABLE = /^(?:0\.|127\.|22[4-9]\.|2[3-5]\d\.|::(?:1|ffff:.*)?$|f[ef][89a-f]|ff)/i;

function readQuestion(value: unknown): MdnsQuestion[] {
  return isObject(value) && isName(value.name) && typeof value.type === "string"
    ? [{ name: value.name, type: value.type }]
    : [];
}

function readRecord(value: unknown): MdnsRecord[] {
  if (!isObject(value) || !isName(value.name) || !isWhole(value.ttl, 2 ** 32 - 1)) return [];
  const { name, ttl, data } = value;
  const base = { name, ttl, flush: value.flush === true };
  switch (value.type) {
    case "PTR":
      return isName(data) ? [{ ...base, type: "PTR", data }] : [];
    case "SRV":
      return readSrv(data).map((srv) => ({ ...base, type: "SRV", data: srv }));
    case "TXT":
      return [{ ...base, type: "TXT", data: listOf(data).map((text) => printable(String(text))) }];
    case "A":
      return isText(data) && IPV4.test(data) ? [{ ...base, type: "A", data }] : [];
    case "AAAA":
      return isText(data) && IPV6.test(data) ? [{ ...base, type: "AAAA", data }] : [];
    default:
      return [];
  }
}

function readSrv(data: unknown) {
  if (!isObject(data)) return [];
  const { target, port, priority = 0, weight = 0 } = data;
  const sound =
    isText(target) &&
    isHostName(target) &&
    isWhole(port, MOST_PORT) &&
    isWhole(priority, MOST_PORT) &&
    isWhole(weight, MOST_PORT);
  return sound ? [{ target, port, priority, weight }] : [];
}

/** Without what could steer a terminal, and not longer than a name in DNS. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/gu, "?").slice(0, MOST_NAME);
}

function isName(value: unknown): value is string {
  return isText(value) && value.length <= MOST_NAME;
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isWhole(value: unknown, most: number): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= most;
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value.slice(0, MOST_RECORDS) : [];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
