import { KmsError } from "../../domain/errors.ts";
import type { PasswordDigest, PasswordHasher } from "../../ports/password.ts";
import type { CmidStore, Json } from "../../ports/store.ts";
import { Turnstile } from "../turnstile.ts";

/** Name of the document that holds what is kept of the password. */
export const PASSWORD_DOCUMENT = "admin-password";

export const PASSWORD_LEAST_CHARACTERS = 12;
export const PASSWORD_MOST_BYTES = 1024;
/** Checks that may wait for the one under way, which holds 32 MiB. */
const MOST_WAITING = 4;
/** What a digest may ask for, 128 N r bytes and p times their work: a restored state says so itself. */
const MOST_COST = { N: 2 ** 17, r: 8, p: 4 } as const;

/** The password is too short or too long; the message says which. */
export class PasswordUnfitError extends KmsError {
  readonly code = "password-unfit";
}

/** Too many checks wait already. */
export class PasswordBusyError extends KmsError {
  readonly code = "busy";
}

export interface PasswordParts {
  readonly store: Pick<CmidStore, "documents" | "commit">;
  readonly hasher: PasswordHasher;
}

/**
 * The administrator's password, of which a digest is kept in the state. It is compared as NFKC, so
 * that keyboards which compose characters in other ways write the same one. One digest is made at a
 * time: each takes 32 MiB.
 */
export class Password {
  readonly #parts: PasswordParts;
  readonly #turnstile = new Turnstile(1);

  constructor(parts: PasswordParts) {
    this.#parts = parts;
  }

  /** Whether there is one. */
  get isSet(): boolean {
    return this.#digest() !== undefined;
  }

  /** @throws {PasswordUnfitError} */
  requireFit(password: string): void {
    const text = password.normalize("NFKC");
    if (text.length < PASSWORD_LEAST_CHARACTERS) {
      throw new PasswordUnfitError(
        `The password has fewer than ${PASSWORD_LEAST_CHARACTERS} characters. Take a longer one, ` +
          "such as four words.",
      );
    }
    if (new TextEncoder().encode(text).length > PASSWORD_MOST_BYTES) {
      throw new PasswordUnfitError(
        `The password has more than ${PASSWORD_MOST_BYTES} bytes. Take a shorter one.`,
      );
    }
  }

  /**
   * Resolves once the new one is durable. Waits for its turn however many do: who may set it has shown
   * so already, perhaps with a code that is used up by that.
   *
   * @throws {PasswordUnfitError} @throws {StorageFailedError}
   */
  async set(password: string): Promise<void> {
    this.requireFit(password);
    await this.#turnstile.run(async () => {
      const digest = await this.#parts.hasher.digest(password.normalize("NFKC"));
      const value = digest as unknown as Json;
      await this.#parts.store.commit([{ op: "document", name: PASSWORD_DOCUMENT, value }]);
    });
  }

  /**
   * False if it is another, or there is none.
   *
   * @throws {PasswordBusyError}
   */
  async matches(password: string): Promise<boolean> {
    if (!this.isSet) return false;
    if (this.#turnstile.waiting >= MOST_WAITING) {
      throw new PasswordBusyError("Others are logging in just now. Try again in a few seconds.");
    }
    return this.#turnstile.run(async () => {
      // Read when its turn comes: the password may have been changed while it waited.
      const digest = this.#digest();
      return digest ? this.#parts.hasher.matches(password.normalize("NFKC"), digest) : false;
    });
  }

  #digest(): PasswordDigest | undefined {
    const kept = this.#parts.store.documents.get(PASSWORD_DOCUMENT);
    return isDigest(kept) ? kept : undefined;
  }
}

function isDigest(value: Json | undefined): value is Json & PasswordDigest {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const { algorithm, N, r, p, salt, hash } = value as Readonly<Record<string, Json>>;
  return (
    algorithm === "scrypt" &&
    isWithin(N, MOST_COST.N) &&
    isWithin(r, MOST_COST.r) &&
    isWithin(p, MOST_COST.p) &&
    typeof salt === "string" &&
    typeof hash === "string"
  );
}

function isWithin(value: Json | undefined, most: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= most;
}
