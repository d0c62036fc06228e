import type { AddressInfo } from "node:net";
import { MINUTE_MS } from "../../domain/units.ts";
import type { Timers } from "../../ports/clock.ts";
import type { EventLog } from "../../ports/events.ts";
import type { PagePlace } from "./listening.ts";

/** How long until a place that could not be had is tried again. */
const RETRY_MS = MINUTE_MS;

/** A server of pages; made anew for every try. */
export interface PageServer {
  start(place: PagePlace): Promise<AddressInfo>;
  stop(): Promise<void>;
}

export interface PageSiteParts {
  /** As a sentence has it: "The status page". */
  readonly name: string;
  readonly scheme: "http" | "https";
  /** The option that names its port. */
  readonly option: string;
  readonly place: PagePlace;
  readonly make: () => Promise<PageServer>;
  readonly events: EventLog;
  readonly timers: Timers;
}

/** Serves pages as soon as they can be: what hinders them hinders nothing else of the box. */
export class PageSite {
  readonly #parts: PageSiteParts;
  #server: PageServer | undefined;
  #port: number | null = null;
  #cancel: (() => void) | undefined;
  #trying: Promise<void> = Promise.resolve();
  #stopped = false;
  #told = "";

  constructor(parts: PageSiteParts) {
    this.#parts = parts;
  }

  /** Null while it is not served. */
  get port(): number | null {
    return this.#port;
  }

  /** Resolves once it is served, or it is known that it is not yet. Never rejects. */
  start(): Promise<void> {
    this.#trying = this.#try();
    return this.#trying;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel?.();
    await this.#trying;
    this.#port = null;
    await this.#server?.stop();
  }

  async #try(): Promise<void> {
    const { make, place, timers } = this.#parts;
    try {
      this.#server = await make();
      const { port } = await this.#server.start(place);
      this.#port = port;
      this.#tellServing(port);
    } catch (error) {
      this.#tellFailure(error as Error);
      await this.#server?.stop().catch(() => undefined);
      this.#server = undefined;
      if (this.#stopped) return;
      this.#cancel = timers.after(RETRY_MS, () => {
        this.#trying = this.#try();
      });
    }
  }

  #tellServing(port: number): void {
    const { events, name, scheme, place, option } = this.#parts;
    const instead =
      place.fd !== undefined || place.port === 0 || port === place.port
        ? ""
        : `, as ${place.port} cannot be had: choose another by ${option}`;
    events.record("web-serving", `${name} is on port ${port}${instead}.`, { scheme, port });
  }

  #tellFailure(error: Error): void {
    const { events, name, scheme, option, place } = this.#parts;
    const message = reasonOf(error, place.port);
    if (message === this.#told) return;
    this.#told = message;
    events.record(
      "web-failed",
      `${name} is not served: ${message} Activation goes on, and it is tried again every minute; ` +
        `${option} chooses another port.`,
      { scheme, reason: message },
    );
  }
}

/** A sentence for a person. */
function reasonOf(error: NodeJS.ErrnoException, port: number): string {
  if (error.code === "EADDRINUSE") return `another program has port ${port}.`;
  if (error.code === "EACCES") return `this user may not open port ${port}.`;
  return error.message.endsWith(".") ? error.message : `${error.message}.`;
}
