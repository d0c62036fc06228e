import { KmsError } from "../../domain/errors.ts";
import { DAY_MS } from "../../domain/units.ts";
import type { EventLog } from "../../ports/events.ts";
import type { RandomBytes, Sha256 } from "../../ports/keys.ts";
import type { CmidStore, Json } from "../../ports/store.ts";
import { encodeBase64url } from "../../protocol/base64url.ts";
import { Check, Type } from "../../protocol/typebox.ts";
import { Turnstile } from "../turnstile.ts";

/** Name of the document that holds what is kept of the tokens. */
export const TOKENS_DOCUMENT = "api-tokens";

/** So that a token is known for one where it should not be, such as in a public repository. */
const PREFIX = "kmsbox_";
const SECRET_BYTES = 32;
const ID_BYTES = 6;
const MOST_TOKENS = 64;
/** How exactly the flash knows when a token was used last: each time costs a write. */
const USED_KEPT_MS = DAY_MS;

/** Of what is kept; a restored state may hold anything. */
const KeptSchema = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 64 }),
  name: Type.String({ maxLength: 256 }),
  scopes: Type.Array(Type.String()),
  createdMs: Type.Unknown(),
  expiresMs: Type.Unknown(),
  lastUsedMs: Type.Unknown(),
  digest: Type.String({ minLength: 1, maxLength: 64 }),
});
/** The latest time that a Date can tell. */
const LATEST_MS = 8.64e15;

/** There are as many tokens as there may be. */
export class TooManyTokensError extends KmsError {
  readonly code = "too-many-tokens";
}

/** There is no such token. */
export class TokenUnknownError extends KmsError {
  readonly code = "not-found";
}

/** What a token is, but for the secret, of which a digest is kept. */
export interface ApiToken<Scope extends string = string> {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly createdMs: number;
  readonly expiresMs: number | null;
  readonly lastUsedMs: number | null;
  /** SHA-256 of the secret, base64url. */
  readonly digest: string;
}

export interface NewToken<Scope extends string> {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly expiresDays?: number | undefined;
}

export interface TokenParts<Scope extends string> {
  readonly store: Pick<CmidStore, "documents" | "commit">;
  readonly time: () => number;
  readonly events: EventLog;
  readonly randomBytes: RandomBytes;
  readonly sha256: Sha256;
  /** What a token can be made for. */
  readonly scopes: readonly Scope[];
}

/**
 * Tokens by which programs use the API, each for what it was made for. The secret has 256 random bits,
 * so that a plain digest of it is enough to keep, and finding it by that tells nothing by its time.
 */
export class ApiTokens<Scope extends string = string> {
  readonly #parts: TokenParts<Scope>;
  readonly #byDigest = new Map<string, ApiToken<Scope>>();
  /** Each change is of what the one before left. */
  readonly #turnstile = new Turnstile(1);

  constructor(parts: TokenParts<Scope>) {
    this.#parts = parts;
    for (const token of readTokens(parts)) this.#byDigest.set(token.digest, token);
  }

  get all(): readonly ApiToken<Scope>[] {
    return [...this.#byDigest.values()];
  }

  /**
   * Resolves once it is durable.
   *
   * @returns the secret too, which nobody can have again
   * @throws {TooManyTokensError} @throws {StorageFailedError}
   */
  create(
    order: NewToken<Scope>,
    by: string,
  ): Promise<{ readonly token: ApiToken<Scope>; readonly secret: string }> {
    return this.#turnstile.run(() => this.#create(order, by));
  }

  /** @throws {TokenUnknownError} @throws {StorageFailedError} */
  revoke(id: string, by: string): Promise<ApiToken<Scope>> {
    return this.#turnstile.run(() => this.#revoke(id, by));
  }

  async #create({ name, scopes, expiresDays }: NewToken<Scope>, by: string) {
    const { randomBytes, time, events } = this.#parts;
    if (this.#byDigest.size >= MOST_TOKENS) {
      throw new TooManyTokensError(
        `There are ${MOST_TOKENS} tokens already. Revoke one that is of no use any more.`,
      );
    }
    const secret = `${PREFIX}${encodeBase64url(randomBytes(SECRET_BYTES))}`;
    const nowMs = time();
    const token: ApiToken<Scope> = {
      id: encodeBase64url(randomBytes(ID_BYTES)),
      name,
      scopes: this.#parts.scopes.filter((scope) => scopes.includes(scope)),
      createdMs: nowMs,
      expiresMs: expiresDays === undefined ? null : nowMs + expiresDays * DAY_MS,
      lastUsedMs: null,
      digest: this.#digestOf(secret),
    };
    await this.#keep([...this.all, token]);
    this.#byDigest.set(token.digest, token);
    const message = `The API token "${name}" was made by the ${by} for ${token.scopes.join(", ")}.`;
    events.record("token-made", message, { name, id: token.id, by });
    return { token, secret };
  }

  async #revoke(id: string, by: string): Promise<ApiToken<Scope>> {
    const token = this.all.find((each) => each.id === id);
    if (!token) throw new TokenUnknownError(`There is no token ${id}.`);
    // It may have been used, and so be another object, since.
    await this.#keep(this.all.filter((each) => each.id !== id));
    this.#byDigest.delete(token.digest);
    const message = `The API token "${token.name}" was revoked by the ${by}.`;
    this.#parts.events.record("token-revoked", message, { name: token.name, id, by });
    return token;
  }

  /** The token of that secret, which is used by that; undefined if there is none, or it has expired. */
  use(secret: string): ApiToken<Scope> | undefined {
    if (!secret.startsWith(PREFIX)) return undefined;
    const digest = this.#digestOf(secret);
    const token = this.#byDigest.get(digest);
    const nowMs = this.#parts.time();
    if (!token || (token.expiresMs !== null && nowMs >= token.expiresMs)) return undefined;
    const used = { ...token, lastUsedMs: nowMs };
    this.#byDigest.set(digest, used);
    if (nowMs - (this.#keptUse(token.id) ?? 0) >= USED_KEPT_MS) {
      // Only informs: a store that cannot be written has told so itself.
      this.#turnstile.run(() => this.#keep(this.all)).catch(() => undefined);
    }
    return used;
  }

  #keptUse(id: string): number | null {
    return readTokens(this.#parts).find((token) => token.id === id)?.lastUsedMs ?? null;
  }

  async #keep(tokens: readonly ApiToken<Scope>[]): Promise<void> {
    const value = tokens as unknown as Json;
    await this.#parts.store.commit([{ op: "document", name: TOKENS_DOCUMENT, value }]);
  }

  #digestOf(secret: string): string {
    return encodeBase64url(this.#parts.sha256(new TextEncoder().encode(secret)));
  }
}

function readTokens<Scope extends string>({ store, scopes }: TokenParts<Scope>): ApiToken<Scope>[] {
  const kept = store.documents.get(TOKENS_DOCUMENT);
  if (!Array.isArray(kept)) return [];
  return (kept as readonly unknown[])
    .filter((each): each is ApiToken<Scope> => isKept(each))
    .slice(0, MOST_TOKENS)
    .map((token) => ({
      ...token,
      // A scope that a later version knew is none here.
      scopes: scopes.filter((scope) => token.scopes.includes(scope)),
    }));
}

function isKept(value: unknown): boolean {
  if (!Check(KeptSchema, value)) return false;
  const { createdMs, expiresMs, lastUsedMs } = value;
  return isTime(createdMs) && [expiresMs, lastUsedMs].every((ms) => ms === null || isTime(ms));
}

/** Parts of a millisecond are possible. */
function isTime(ms: unknown): boolean {
  return typeof ms === "number" && ms >= 0 && ms <= LATEST_MS;
}
