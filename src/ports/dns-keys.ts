import { KmsError } from "../domain/errors.ts";

/** Those that RFC 8945 section 6 still wants, without the truncated ones. */
export const TSIG_ALGORITHMS = ["hmac-sha256", "hmac-sha384", "hmac-sha512"] as const;

/** A key that dynamic updates are signed with (RFC 8945). */
export interface TsigKey {
  readonly name: string;
  readonly algorithm: (typeof TSIG_ALGORITHMS)[number];
  /** Base64. */
  readonly secret: string;
}

/** What a change of a domain's key leads to. */
export interface DnsKeyChange {
  readonly domain: string;
  readonly restartNeeded: boolean;
}

/** The domain takes no key, or has none. Nothing was changed. */
export class DnsKeyRefusedError extends KmsError {
  readonly code = "dns-key-refused";
}

/** The keys that the administrator gave the box while it ran; they are never handed out again. */
export interface DnsKeys {
  /**
   * Resolves once the key is durable.
   *
   * @throws {DnsKeyRefusedError} the domain is not configured, or signed for otherwise
   * @throws {SettingsNotKeptError}
   */
  put(domain: string, key: TsigKey): Promise<DnsKeyChange>;
  /**
   * @throws {DnsKeyRefusedError} there is none
   * @throws {SettingsNotKeptError}
   */
  remove(domain: string): Promise<DnsKeyChange>;
}
