import type { LookupFunction } from "node:net";
import { askByHttp, type HttpAnswer, type HttpOutcome } from "../platform/http-question.ts";
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

/** HTTP/1.1, each question on a connection of its own. */
export function httpTransport(options: TransportOptions = {}): Transport {
  const { timeoutMs = TIMEOUT_MS, mostBytes = MOST_BYTES, localAddress, dnsServer } = options;
  return async (address, { method, path, body, contentType, signal }) => {
    const outcome = await askByHttp({
      host: address.host,
      port: address.port,
      method,
      path,
      headers: {
        accept: "application/json, application/problem+json",
        ...(contentType && { "content-type": contentType }),
        ...(body !== undefined && { "content-length": Buffer.byteLength(body) }),
      },
      ...(body !== undefined && { body }),
      timeoutMs,
      mostBytes,
      signal,
      ...(localAddress && { localAddress }),
      ...(dnsServer && { lookup: lookupAt(dnsServer) }),
    });
    return exchangeOf(outcome, timeoutMs);
  };
}

function exchangeOf(outcome: HttpOutcome, timeoutMs: number): Exchange {
  const { kind } = outcome;
  switch (kind) {
    case "answer":
      return answer(outcome);
    case "too-large":
      return { reason: kind, message: "its answer is too large" };
    case "timeout":
      return { reason: kind, message: `it did not answer within ${timeoutMs / 1000} s` };
    case "not-http":
      return { reason: kind, message: "what answers there is not a KMS host of this kind" };
    case "unreachable": {
      const { code } = outcome;
      return {
        reason: kind,
        message: NETWORK_FAULTS[code] ?? `the connection failed (${code})`,
      };
    }
  }
}

function answer({ status, retryAfter, body }: HttpAnswer): RawAnswer {
  const seconds = retryAfter !== undefined && /^\d{1,9}$/.test(retryAfter);
  return { status, body, ...(seconds && { retryAfterMs: Number(retryAfter) * 1000 }) };
}

const NETWORK_FAULTS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ECONNRESET: "it closed the connection without an answer",
  ENOTFOUND: "its name has no address",
  EAI_AGAIN: "its name could not be looked up",
  EHOSTUNREACH: "there is no route to it",
  ENETUNREACH: "there is no route to its network",
  EADDRNOTAVAIL: "there is no such address or port",
  ERR_SOCKET_BAD_PORT: "there is no such port",
  ERR_INVALID_CHAR: "its name is none that can be asked for",
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
