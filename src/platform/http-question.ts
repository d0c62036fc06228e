import type { ClientRequest, IncomingMessage } from "node:http";
import type { LookupFunction } from "node:net";

export interface HttpQuestion {
  readonly host: string;
  readonly port: number;
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body?: string;
  /** For the whole exchange, connecting included. */
  readonly timeoutMs: number;
  /** Of the answer's body. */
  readonly mostBytes: number;
  /** Ends the exchange early. */
  readonly signal?: AbortSignal | undefined;
  readonly localAddress?: string;
  /** By HTTPS, the other side's certificate checked; `ca` in PEM is trusted in place of the usual ones. */
  readonly secure?: { readonly ca?: string };
  readonly lookup?: LookupFunction;
}

export interface HttpAnswer {
  readonly kind: "answer";
  readonly status: number;
  readonly body: string;
  /** `Retry-After` as it came. */
  readonly retryAfter: string | undefined;
}

/** What came of a question. An answer is whole, but nothing of it is believed yet. */
export type HttpOutcome =
  | HttpAnswer
  | { readonly kind: "too-large" | "timeout" }
  /** What answers does not speak HTTP, or wants to speak something else. */
  | { readonly kind: "not-http" }
  /** `code` is the system's, such as ECONNREFUSED. */
  | { readonly kind: "unreachable"; readonly code: string };

/**
 * Asks by HTTP/1.1 on a connection of its own, by node:http or node:https, which is loaded at the first
 * question. A redirection is an answer like others.
 * Ends within the time whatever the other side does: a clock of its own ends what tells no end, such
 * as a connection that Node closes without an error. Rejects only if the signal aborts.
 */
export async function askByHttp(question: HttpQuestion): Promise<HttpOutcome> {
  const { request } = await import(question.secure ? "node:https" : "node:http");
  const { signal, timeoutMs } = question;
  signal?.throwIfAborted();
  let outgoing: ClientRequest | undefined;
  let clock: NodeJS.Timeout | undefined;
  let stop = () => {};
  try {
    return await new Promise<HttpOutcome>((resolve, reject) => {
      // Not AbortSignal.timeout: its clock keeps no process from ending.
      clock = setTimeout(() => resolve({ kind: "timeout" }), timeoutMs);
      stop = () => reject(signal?.reason);
      signal?.addEventListener("abort", stop, { once: true });
      outgoing = begin(request, question, resolve);
    });
  } finally {
    clearTimeout(clock);
    signal?.removeEventListener("abort", stop);
    outgoing?.destroy();
  }
}

function begin(
  request: typeof import("node:https").request,
  question: HttpQuestion,
  resolve: (outcome: HttpOutcome) => void,
): ClientRequest | undefined {
  const { timeoutMs: _, mostBytes, signal: __, secure, body, headers = {}, ...rest } = question;
  const failed = (error: unknown) => resolve(outcomeOf(error));
  try {
    // Node takes port 0 for its default.
    if (question.port === 0) throw Object.assign(new Error("no port"), { code: "EADDRNOTAVAIL" });
    const outgoing = request({ ...rest, ...secure, headers, agent: false });
    // The listener for errors stays: what fails after the end has nobody else to tell.
    outgoing.on("error", failed);
    outgoing.on("close", () => failed({ code: "ECONNRESET" }));
    outgoing.on("upgrade", (_incoming, socket) => {
      socket.destroy();
      resolve({ kind: "not-http" });
    });
    outgoing.on("response", (incoming) => {
      readAnswer(incoming, mostBytes).then(resolve, failed);
    });
    outgoing.end(body);
    return outgoing;
  } catch (error) {
    // A name with letters that HTTP cannot carry, or a port out of range.
    failed(error);
    return undefined;
  }
}

async function readAnswer(incoming: IncomingMessage, mostBytes: number): Promise<HttpOutcome> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > mostBytes) return { kind: "too-large" };
    chunks.push(chunk);
  }
  return {
    kind: "answer",
    status: incoming.statusCode ?? 0,
    body: Buffer.concat(chunks).toString("utf8"),
    retryAfter: incoming.headers["retry-after"],
  };
}

function outcomeOf(error: unknown): HttpOutcome {
  const { code = "failed" } = error as NodeJS.ErrnoException;
  return code.startsWith("HPE_") ? { kind: "not-http" } : { kind: "unreachable", code };
}
