import type { Announcement } from "../domain/dns-sd.ts";
import { KmsError } from "../domain/errors.ts";

/** No link could be told of this host; the message says why, and what to do. */
export class MdnsFailedError extends KmsError {
  readonly code = "mdns-failed";
}

/** What came of an announcement. */
export interface Announced {
  /** As asked for, or another where that name was taken. */
  readonly instance: string;
  /** Interfaces that it was announced on; none where the machine has no network. */
  readonly interfaces: readonly string[];
}

/** Tells all on this machine's links of the host, and answers those who ask (RFC 6762, RFC 6763). */
export interface MdnsAnnouncer {
  /**
   * Replaces what was announced before.
   *
   * @param candidates names to try in turn; the last is unique and taken in any case
   * @throws {MdnsFailedError}
   */
  announce(what: Omit<Announcement, "instance">, candidates: readonly string[]): Promise<Announced>;
  /** Differs from its last value when what is announced no longer fits the links. Never throws. */
  situation(): string;
  /** Takes it back. Ends within 500 ms and never rejects. */
  withdraw(): Promise<void>;
}
