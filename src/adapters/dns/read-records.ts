import { isRecordName, plainName, type ServerAddress } from "../../domain/dns-names.ts";
import { DnsFailedError } from "../../ports/dns.ts";
import { runTool } from "./run-tool.ts";

export interface Question {
  readonly name: string;
  readonly type: "SRV" | "A" | "AAAA" | "SOA";
}

export interface FoundRecord {
  /** In lower case, without a final dot, as all names here. */
  readonly name: string;
  readonly ttlSeconds: number;
  readonly type: string;
  /** As in a zone file. */
  readonly data: string;
}

export interface Reply {
  /** Such as `NOERROR` and `NXDOMAIN`. */
  readonly status: string;
  readonly authoritative: boolean;
  /** Whether the records did not fit in, not even by TCP. */
  readonly truncated: boolean;
  readonly records: readonly FoundRecord[];
}

/**
 * Asks one server itself, by dig: Node's own resolver tells no TTL of SRV records. Long answers come
 * by TCP.
 *
 * @returns one reply for each question
 * @throws {DnsFailedError}
 */
export async function ask(
  { address, port }: ServerAddress,
  questions: readonly Question[],
  signal?: AbortSignal,
): Promise<Reply[]> {
  const args = ["-r", `@${address}`, "-p", String(port), "+norecurse", "+time=2", "+tries=2"];
  const shown = ["+noall", "+comments", "+answer"];
  const asked = questions.flatMap(({ name, type }) => [dotted(name), type]);
  const server = `${address}#${port}`;
  const options = { signal, server };
  const { stdout, stderr } = await runTool("dig", [...args, ...shown, ...asked], options);
  const replies = parseReplies(stdout);
  if (replies.length === questions.length) return replies;
  const told = /^;; .*(?:error|timed out|reached).*$/m.exec(stdout)?.[0] ?? stderr;
  throw new DnsFailedError(
    "server-unreachable",
    `The name server ${server} does not answer: check the network and the server. ` +
      `(${told
        .replace(/^[;\s]+/, "")
        .trim()
        .slice(0, 120)})`,
  );
}

/** What dig printed with `+noall +comments +answer`. */
export function parseReplies(text: string): Reply[] {
  return text
    .split(/^;; ->>HEADER<<- /m)
    .slice(1)
    .map((part) => ({
      status: /status: ([A-Z]+)/.exec(part)?.[1] ?? "",
      authoritative: /^;; flags:[^;]* aa[ ;]/m.test(part),
      truncated: /^;; flags:[^;]* tc[ ;]/m.test(part),
      records: part.split("\n").flatMap(parseRecord),
    }));
}

const RECORD = /^([^;\s]\S*)\s+(\d+)\s+IN\s+([A-Z]+)\s+(\S.*?)\s*$/;

function parseRecord(line: string): FoundRecord[] {
  const [, name, ttl, type, data] = RECORD.exec(line) ?? [];
  if (name === undefined || type === undefined || data === undefined) return [];
  return [{ name: plainName(name), ttlSeconds: Number(ttl), type, data }];
}

function dotted(name: string): string {
  if (isRecordName(plainName(name))) return `${plainName(name)}.`;
  throw new DnsFailedError("update-failed", `${JSON.stringify(name)} is no name for DNS.`);
}
