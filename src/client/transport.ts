import type { LookupFunction } from "node:net";
import type { HostAddress } from "./host-address.ts";
import { resolverFor } from "./srv-finder.ts";

/** An answer as it came: nothing of it is believed yet. */
export interface RawAnswer {
  readonly status: number;
  readonly body: string;
  /** From `Retry-After` in seconds (RFC 9110 section 10.2.3); dates are not understood. */
  readonly retryAfterMs?: number;
}

/** Why there was no answer; `message` is a clause. */
export interface NoAnswer {
  readonly reason: "unreachable" | "not-http" | "too-large" | "timeout";
  readonly message: string;
}

export type Exchange = RawAnswer | NoAnswer;

export interface Question {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: string;
  readonly contentType?: string;
  readonly signal?: AbortSignal;
}

/** Asks one host one thing. Rejects only if the question's signal aborts. */
export type Transport = (address: HostAddress, question: Question) => Promise<Exchange>;

export interface TransportOptions {
  /** For the whole exchange, connecting included. */
  readonly timeoutMs?: number;
  readonly mostBytes?: number;
  /** Address to connect from. */
  readonly localAddress?: string;
  /** `ADDR:PORT` of a name server that names of hosts are asked of first. */
  readonly dnsServer?: string;
}

const TIMEOUT_MS = 10_000;
const MOST_BYTES = 256 * 1024;

/** HTTP/1.1 by node:http, which is loaded at the first question. */
export function httpTransport(options: TransportOptions = {}): Transport {
  const { timeoutMs = TIMEOUT_MS, mostBytes = MOST_BYTES } = options;
  return async (address, question) => {
    const { request } = await import("node:http");
    const deadline = AbortSignal.timeout(timeoutMs);
    const signal = question.signal ? AbortSignal.any([deadline, question.signal]) : deadline;
    return new Promise((resolve, reject) => {
      const failed = (error: unknown) => {
        if (question.signal?.aborted) reject(question.signal.reason);
        else resolve(deadline.aborted ? timedOut(timeoutMs) : noAnswer(error));
      };
      const { method, path, body, contentType } = question;
      const headers = {
        accept: "application/json, application/problem+json",
        ...(contentType && { "content-type": contentType }),
        ...(body !== undefined && { "content-length": Buffer.byteLength(body) }),
      };
      const outgoing = request({
        ...address,
        method,
        path,
        headers,
        signal,
        // One question in seven days: nothing is worth keeping open.
        agent: false,
        ...(options.localAddress && { localAddress: options.localAddress }),
        ...(options.dnsServer && { lookup: lookupAt(options.dnsServer) }),
      });
      outgoing.on("error", failed);
      outgoing.on("response", (incoming) => {
        readBody(incoming, mostBytes).then((text) => {
          outgoing.destroy();
          if (text === undefined) resolve(TOO_LARGE);
          else resolve(answer(incoming.statusCode, incoming.headers["retry-after"], text));
        }, failed);
      });
      outgoing.end(body);
    });
  };
}

const TOO_LARGE: NoAnswer = { reason: "too-large", message: "its answer is too large" };

function timedOut(timeoutMs: number): NoAnswer {
  return { reason: "timeout", message: `it did not answer within ${timeoutMs / 1000} s` };
}

async function readBody(
  incoming: AsyncIterable<Uint8Array>,
  mostBytes: number,
): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of incoming) {
    bytes += chunk.length;
    if (bytes > mostBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function answer(
  status: number | undefined,
  retryAfter: string | undefined,
  body: string,
): RawAnswer {
  const seconds = retryAfter !== undefined && /^\d{1,9}$/.test(retryAfter);
  return {
    status: status ?? 0,
    body,
    ...(seconds && { retryAfterMs: Number(retryAfter) * 1000 }),
  };
}

function noAnswer(error: unknown): NoAnswer {
  const { code = "failed" } = error as NodeJS.ErrnoException;
  if (code.startsWith("HPE_")) {
    return { reason: "not-http", message: "what answers there is not a KMS host of this kind" };
  }
  return {
    reason: "unreachable",
    message: NETWORK_FAULTS[code] ?? `the connection failed (${code})`,
  };
}

const NETWORK_FAULTS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ECONNRESET: "it closed the connection without an answer",
  ENOTFOUND: "its name has no address",
  EAI_AGAIN: "its name could not be looked up",
  EHOSTUNREACH: "there is no route to it",
  ENETUNREACH: "there is no route to its network",
};

/** Asks the given server for a host's addresses, and the system where that server has none. */
function lookupAt(dnsServer: string): LookupFunction {
  return (name, options, callback) => {
    const resolver = resolverFor(dnsServer);
    const families = [resolver.resolve4(name), resolver.resolve6(name)];
    void Promise.allSettled(families).then(async ([v4, v6]) => {
      const found = [
        ...(v4?.status === "fulfilled" ? v4.value.map((address) => ({ address, family: 4 })) : []),
        ...(v6?.status === "fulfilled" ? v6.value.map((address) => ({ address, family: 6 })) : []),
      ];
      const [first] = found;
      if (first && options.all) callback(null, found);
      else if (first) callback(null, first.address, first.family);
      else (await import("node:dns")).lookup(name, options, callback);
    });
  };
}
