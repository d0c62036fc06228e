import { LicenceRefusedError } from "../domain/licence.ts";
import { HOUR_MS, MINUTE_MS } from "../domain/units.ts";
import type { PanelFault } from "../panel/facts.ts";
import type { Timers } from "../ports/clock.ts";
import type { EventLog } from "../ports/events.ts";
import type { Sha256 } from "../ports/keys.ts";
import type { CmidStore } from "../ports/store.ts";
import { encodeBase64url } from "../protocol/base64url.ts";
import type { HostClock } from "./host-clock.ts";
import type { LicenceService } from "./licences.ts";

/** Name of the document that says which file's licence was installed. */
const LICENCE_FILE_DOCUMENT = "licence-file";

/** How soon a licence is tried again that waits for the time, or for the store. */
const WAITING_MS = MINUTE_MS;
/** How soon one is that was refused: it may not be valid yet, or its vendor be trusted later. */
const REFUSED_MS = HOUR_MS;

export interface LicenceFileParts {
  readonly store: CmidStore;
  readonly licences: LicenceService;
  readonly clock: HostClock;
  readonly timers: Timers;
  readonly events: EventLog;
  readonly sha256: Sha256;
  /** The file's text; rejects if it cannot be read. */
  readonly read: () => Promise<string>;
  /** For messages. */
  readonly path: string;
  readonly addVendor: boolean;
}

/**
 * Installs the licence that the configuration names, once: what is installed by other means later is
 * not replaced by it. A box without a clock waits until the time is known.
 */
export class LicenceFile {
  readonly #parts: LicenceFileParts;
  #refusal: string | undefined;
  #cancel: (() => void) | undefined;
  #trying: Promise<void> = Promise.resolve();

  constructor(parts: LicenceFileParts) {
    this.#parts = parts;
  }

  /** What the panel tells of it. */
  get faults(): readonly PanelFault[] {
    return this.#refusal === undefined ? [] : [REFUSED];
  }

  /** Resolves when it was tried once. Never rejects. */
  async start(): Promise<void> {
    await this.#try();
  }

  async stop(): Promise<void> {
    this.#cancel?.();
    await this.#trying;
  }

  async #try(): Promise<void> {
    const againMs = await this.#installed().catch((error: unknown) => this.#refused(error));
    if (againMs === undefined) {
      this.#refusal = undefined;
      return;
    }
    this.#cancel = this.#parts.timers.after(againMs, () => {
      this.#trying = this.#try();
    });
  }

  /** @returns how long to wait before it is tried again; undefined if there is no more to do */
  async #installed(): Promise<number | undefined> {
    const { store, licences, clock, sha256, read, addVendor } = this.#parts;
    const token = (await read()).trim();
    const digest = encodeBase64url(sha256(new TextEncoder().encode(token)));
    if (store.documents.get(LICENCE_FILE_DOCUMENT) === digest) return undefined;
    if (!licences.book.licences.some((each) => each.token === token)) {
      const time = clock.read();
      if (!time.trusted) return WAITING_MS;
      await licences.install(token, { nowMs: time.nowMs, addVendor });
    }
    await store.commit([{ op: "document", name: LICENCE_FILE_DOCUMENT, value: digest }]);
    return undefined;
  }

  #refused(error: unknown): number {
    const { path, events } = this.#parts;
    const message = error instanceof Error ? error.message : String(error);
    if (message !== this.#refusal) {
      events.record("licence-unusable", `The licence in ${path} is not installed: ${message}`);
    }
    this.#refusal = message;
    return error instanceof LicenceRefusedError ? REFUSED_MS : WAITING_MS;
  }
}

const REFUSED: PanelFault = {
  level: "attention",
  code: "licence-refused",
  title: "LICENCE REFUSED",
  nextStep: "why: kms-box events --name licence-unusable",
};
