import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { networkInterfaces } from "node:os";
import { text } from "node:stream/consumers";
import { SECOND_MS } from "../../domain/units.ts";
import { type SelfCheck, SelfCheckFailedError } from "../../ports/service-manager.ts";
import { type CmidStore, StorageFailedError } from "../../ports/store.ts";

/** How long an answer, and the store, are waited for. */
const LONGEST_MS = 10 * SECOND_MS;
const RATE_LIMITED = 429;

export interface OwnServiceCheckOptions {
  /** Where clients are served, as the socket tells it: `::` and `0.0.0.0` are every address. */
  readonly address: string;
  readonly port: number;
  readonly thumbprint: string;
  readonly store: Pick<CmidStore, "commit">;
  readonly limitMs?: number;
}

/**
 * Asks the host over its own socket who it is, and its store whether it still gets on. What a new
 * start cannot help is no failure: a clock that is not trusted, flash that refuses to be written, or
 * an address that the machine has lost.
 */
export class OwnServiceCheck implements SelfCheck {
  readonly #options: OwnServiceCheckOptions;

  constructor(options: OwnServiceCheckOptions) {
    this.#options = options;
  }

  async run(): Promise<void> {
    await Promise.all([this.#askSocket(), this.#askStore()]);
  }

  async #askSocket(): Promise<void> {
    const { port, limitMs = LONGEST_MS, thumbprint } = this.#options;
    const host = reachable(this.#options.address);
    if (!isOwn(host)) return;
    try {
      const { status, body } = await ask(host, port, limitMs);
      // An answer all the same, by who counts what this machine asks besides.
      if (status === RATE_LIMITED) return;
      if (identityIn(body) === thumbprint) return;
    } catch (error) {
      const { code = String(error) } = error as NodeJS.ErrnoException;
      const why = code === "ABORT_ERR" ? `not within ${limitMs / SECOND_MS} s` : code;
      throw new SelfCheckFailedError(`The box does not answer at its own port ${port} (${why}).`, {
        cause: error,
      });
    }
    throw new SelfCheckFailedError(`What answers at port ${port} is not this host.`);
  }

  /** With no change of its own it waits for what others have asked to be stored. */
  async #askStore(): Promise<void> {
    const { store, limitMs = LONGEST_MS } = this.#options;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const message = `The state was not stored within ${limitMs / SECOND_MS} s.`;
      timer = setTimeout(() => reject(new SelfCheckFailedError(message)), limitMs);
    });
    try {
      await Promise.race([store.commit([]), late]);
    } catch (error) {
      if (!(error instanceof StorageFailedError)) throw error;
    } finally {
      clearTimeout(timer);
    }
  }
}

async function ask(host: string, port: number, limitMs: number) {
  const signal = AbortSignal.timeout(limitMs);
  const outgoing = request({ host, port, path: "/v1/host", agent: false, signal });
  outgoing.end();
  const [incoming] = (await once(outgoing, "response")) as [IncomingMessage];
  return { status: incoming.statusCode, body: await text(incoming) };
}

function identityIn(body: string): unknown {
  try {
    return (JSON.parse(body) as { host?: unknown } | null)?.host;
  } catch {
    return undefined;
  }
}

function reachable(address: string): string {
  if (address === "::" || address === "0.0.0.0") return "127.0.0.1";
  return address;
}

/** The only address that is listened on may be lost; then another machine would be asked. */
function isOwn(address: string): boolean {
  const own = Object.values(networkInterfaces()).flatMap((all = []) => all);
  return isLoopback(address) || own.some((each) => each.address === address);
}

/** All of 127.0.0.0/8 is, of which one address stands in the list. */
function isLoopback(address: string): boolean {
  return address.startsWith("127.");
}
