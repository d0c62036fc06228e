import { isSameName } from "./dns-names.ts";

/** A resource record of DNS-SD over multicast DNS (RFC 6762, RFC 6763). */
export type MdnsRecord = {
  readonly name: string;
  /** Seconds; 0 takes the record back (RFC 6762 section 10.1). */
  readonly ttl: number;
  /** Nobody else has records of this name and type (RFC 6762 section 10.2). */
  readonly flush: boolean;
} & (
  | { readonly type: "PTR"; readonly data: string }
  | { readonly type: "SRV"; readonly data: SrvData }
  | { readonly type: "TXT"; readonly data: readonly string[] }
  | { readonly type: "A" | "AAAA"; readonly data: string }
);

interface SrvData {
  readonly target: string;
  readonly port: number;
  readonly priority: number;
  readonly weight: number;
}

export interface MdnsQuestion {
  readonly name: string;
  /** `PTR`, `SRV` and so on, or `ANY`. */
  readonly type: string;
}

/** What a link is told of this host. */
export interface Announcement {
  /** What a person sees in a list; at most 63 bytes of UTF-8 without dots. */
  readonly instance: string;
  /** Service label, with its underscore. */
  readonly service: string;
  /** Name of the host, below `local`; no other host on the link has it. */
  readonly target: string;
  readonly port: number;
  readonly txt: readonly string[];
}

/** RFC 6762 section 10: records that hold a host's name or address, and all others. */
const HOST_TTL_SECONDS = 120;
const OTHER_TTL_SECONDS = 4500;
const MOST_LABEL_BYTES = 63;
const MOST_TEXT_BYTES = 255;
/** A whole announcement must fit into one datagram. */
const MOST_ADDRESSES = 8;
const WEIGHT = 100;
const META_NAME = "_services._dns-sd._udp.local";

/** Where hosts of a service are asked for: `_vlmcs._tcp.local`. */
export function serviceName(service: string): string {
  return `${service}._tcp.local`;
}

/** The name of one host's service: `kms-box._vlmcs._tcp.local`. */
export function instanceName({ instance, service }: Announcement): string {
  return `${instance}.${serviceName(service)}`;
}

/** All that is announced on a link, with the addresses that this host has there. */
export function announcedRecords(
  announcement: Announcement,
  addresses: readonly string[],
): MdnsRecord[] {
  const { service, target, port, txt } = announcement;
  const name = instanceName(announcement);
  const other = { ttl: OTHER_TTL_SECONDS, flush: false };
  const own = { ttl: HOST_TTL_SECONDS, flush: true };
  const type = serviceName(service);
  return [
    { ...other, type: "PTR", name: type, data: name },
    { ...other, type: "PTR", name: META_NAME, data: type },
    { ...own, type: "SRV", name, data: { target, port, priority: 0, weight: WEIGHT } },
    { ...own, type: "TXT", name, ttl: OTHER_TTL_SECONDS, data: txt },
    ...addresses.slice(0, MOST_ADDRESSES).map((data) => {
      const family = data.includes(":") ? ("AAAA" as const) : ("A" as const);
      return { ...own, type: family, name: target, data };
    }),
  ];
}

/** Answers to questions, with what the asker needs next (RFC 6763 section 12); none if not ours. */
export function answersTo(
  questions: readonly MdnsQuestion[],
  records: readonly MdnsRecord[],
): { answers: MdnsRecord[]; additionals: MdnsRecord[] } {
  const answers = records.filter((record) =>
    questions.some(
      ({ name, type }) => isSameName(name, record.name) && (type === record.type || type === "ANY"),
    ),
  );
  const leadsOn = answers.some(
    ({ type, name }) => type === "SRV" || (type === "PTR" && name !== META_NAME),
  );
  const additionals = leadsOn
    ? records.filter((record) => record.type !== "PTR" && !answers.includes(record))
    : [];
  return { answers, additionals };
}

/** Whether a record shows that another host uses this one's name (RFC 6762 section 9). */
export function isRivalOf(announcement: Announcement, record: MdnsRecord): boolean {
  if (record.type !== "SRV" || record.ttl === 0) return false;
  return (
    isSameName(record.name, instanceName(announcement)) && !hasTarget(announcement, record.data)
  );
}

/** Which of two hosts of one name must take another: that of the lesser data (section 8.2). */
export function givesWay(announcement: Announcement, rival: MdnsRecord): boolean {
  return rival.type === "SRV" && announcement.target < rival.data.target.toLowerCase();
}

function hasTarget({ target, port }: Announcement, data: SrvData): boolean {
  return isSameName(target, data.target) && port === data.port;
}

/** Names to try for a host, in order: as it is called, numbered, and one that nobody else has. */
export function instanceCandidates(hostname: string, target: string): string[] {
  const [label = ""] = hostname.split(".");
  const name = label.replaceAll(/\p{Cc}/gu, "").trim() || "kms-box";
  const unique = target.split(".")[0] ?? "";
  return ["", " (2)", " (3)", ` ${unique}`].map((suffix) => {
    const room = MOST_LABEL_BYTES - utf8Length(suffix);
    return `${cutToBytes(name, room)}${suffix}`;
  });
}

/** What a host tells besides its place: version, key and products, as many as fit. */
export function announcedText(thumbprint: string, products: readonly string[]): string[] {
  let listed = "products=";
  for (const [index, id] of products.entries()) {
    const longer = `${listed}${index === 0 ? "" : ","}${id}`;
    if (utf8Length(longer) > MOST_TEXT_BYTES) break;
    listed = longer;
  }
  return ["v=1", `host=${thumbprint}`, listed];
}

function cutToBytes(text: string, most: number): string {
  const bytes = new TextEncoder().encode(text).subarray(0, most);
  // A character that was cut through becomes one or more of these.
  return new TextDecoder()
    .decode(bytes)
    .replace(/\uFFFD+$/u, "")
    .trimEnd();
}

function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}
