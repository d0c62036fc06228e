import type { SessionAnswer } from "../../../api/session-schemas.ts";
import { refusalOf, unreachable } from "./api-error.ts";

/**
 * `ended`: somebody was logged in, and the page stays as it was until they are again. `restarting`: the
 * box was told to start again, and nothing else is done until it has.
 */
export type SessionState =
  | { readonly kind: "asking" }
  | { readonly kind: "unreachable" }
  | { readonly kind: "unclaimed" }
  | { readonly kind: "logged-out" }
  | { readonly kind: "ended" }
  | { readonly kind: "restarting"; readonly done: string }
  | { readonly kind: "logged-in"; readonly csrfToken: string };

type Listener = (state: SessionState) => void;

const RETRY_MS = 2000;
const RESTART_LOOK_MS = 1000;

/** Whether this browser is logged in. The session itself is a cookie that no script can read. */
export class Session {
  #state: SessionState = { kind: "asking" };
  readonly #listeners = new Set<Listener>();
  /** Somebody was let in, and has not left. */
  #entered = false;

  get state(): SessionState {
    return this.#state;
  }

  /** Empty while nobody is logged in. */
  get csrfToken(): string {
    return this.#state.kind === "logged-in" ? this.#state.csrfToken : "";
  }

  /** Calls back with every change; returns what ends that. */
  watch(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Asks the box until it answers. */
  async start(): Promise<void> {
    try {
      this.#take(await question<SessionAnswer>("GET", "/api/v1/session"));
    } catch {
      this.#set({ kind: "unreachable" });
      setTimeout(() => void this.start(), RETRY_MS);
    }
  }

  /** @throws {ApiError} */
  async login(password: string): Promise<void> {
    this.#take(await question<SessionAnswer>("POST", "/api/v1/session", { password }));
  }

  /**
   * Sets the password, by the code that the front panel shows.
   *
   * @throws {ApiError}
   */
  async claim(code: string, password: string): Promise<void> {
    this.#take(await question<SessionAnswer>("POST", "/api/v1/claim", { code, password }));
  }

  async logout(): Promise<void> {
    const headers = { "x-csrf-token": this.csrfToken };
    await question("DELETE", "/api/v1/session", undefined, headers).catch(() => undefined);
    this.#entered = false;
    this.#set({ kind: "logged-out" });
  }

  /**
   * Resolves once somebody is logged in, here or in another tab; rejects with the signal.
   *
   * @param refused the token that the box does not take any more
   */
  async regained(refused: string, signal?: AbortSignal): Promise<void> {
    if (this.csrfToken === refused) {
      this.#set({ kind: "ended" });
      await this.start();
    }
    await new Promise<void>((resolve, reject) => {
      const look = (state: SessionState) => {
        if (state.kind !== "logged-in") return;
        stop();
        resolve();
      };
      const stop = this.watch(look);
      signal?.addEventListener("abort", () => {
        stop();
        reject(signal.reason);
      });
      look(this.#state);
    });
  }

  /**
   * Waits until the box has started again, which ends every session, and loads the page anew.
   *
   * @param done what was done, in a sentence
   */
  startsAgain(done: string): void {
    this.#set({ kind: "restarting", done });
    const look = async () => {
      const answer = await question<SessionAnswer>("GET", "/api/v1/session").catch(() => undefined);
      if (answer && !answer.loggedIn) location.reload();
      else setTimeout(() => void look(), RESTART_LOOK_MS);
    };
    void look();
  }

  #take({ claimed, loggedIn, csrfToken }: SessionAnswer): void {
    if (loggedIn && csrfToken) {
      this.#entered = true;
      this.#set({ kind: "logged-in", csrfToken });
    } else if (!claimed) {
      this.#set({ kind: "unclaimed" });
    } else {
      this.#set({ kind: this.#entered ? "ended" : "logged-out" });
    }
  }

  #set(state: SessionState): void {
    if (this.#state.kind === "restarting") return;
    this.#state = state;
    for (const listener of [...this.#listeners]) listener(state);
  }
}

export const session = new Session();

/** A question that needs no session. */
async function question<T>(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<T> {
  const init = {
    method,
    credentials: "same-origin",
    cache: "no-store",
    headers: body === undefined ? headers : { ...headers, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  } as const;
  const response = await fetch(path, init).catch(() => {
    throw unreachable();
  });
  if (!response.ok) throw await refusalOf(response);
  return (await response.json().catch(() => ({}))) as T;
}
