import { refusalOf, unreachable } from "./api-error.ts";
import { session } from "./session.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface Asking {
  /** Sent as JSON, unless it is a file. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

const FILE = "application/octet-stream";
const UNAUTHORISED = 401;
/** Another tab has logged in anew since this page was loaded. */
const OTHER_SESSION = "csrf-refused";

/**
 * Asks the box. If the session has ended, waits until somebody has logged in again and asks once
 * more, so that what was typed is not lost.
 *
 * @throws {ApiError}
 */
export async function ask<T>(method: Method, path: string, asking: Asking = {}): Promise<T> {
  const response = await answered(method, path, asking);
  return (await response.json().catch(() => ({}))) as T;
}

/** As `ask`, for a GET. */
export function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return ask("GET", path, { signal });
}

/** As `ask`, for a POST. */
export function post<T>(path: string, body: unknown = {}): Promise<T> {
  return ask("POST", path, { body });
}

/** As `ask`, for an answer that is a file. */
export async function fetchFile(method: Method, path: string, asking: Asking = {}): Promise<Blob> {
  return (await answered(method, path, asking)).blob();
}

async function answered(method: Method, path: string, asking: Asking): Promise<Response> {
  for (let tries = 1; ; tries++) {
    const { csrfToken } = session;
    const response = await send(method, path, asking);
    if (response.ok) return response;
    const refusal = await refusalOf(response);
    const isOther = refusal.code === OTHER_SESSION && tries === 1;
    if (refusal.status !== UNAUTHORISED && !isOther) throw refusal;
    await session.regained(csrfToken, asking.signal);
  }
}

async function send(method: Method, path: string, asking: Asking): Promise<Response> {
  const { body, signal, headers } = asking;
  const isFile = body instanceof Blob;
  try {
    return await fetch(path, {
      method,
      signal: signal ?? null,
      credentials: "same-origin",
      cache: "no-store",
      headers: {
        ...(method === "GET" ? {} : { "x-csrf-token": session.csrfToken }),
        ...(body === undefined ? {} : { "content-type": isFile ? FILE : "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isFile ? body : JSON.stringify(body) }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw unreachable();
  }
}
