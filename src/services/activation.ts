import { type Decision, decide, dueForDiscard, freshness } from "../domain/activation.ts";
import { Admission } from "../domain/admission.ts";
import type { RequestClaims } from "../domain/claims.ts";
import type { ContactRecord } from "../domain/contact.ts";
import { FIRST_GENERATION } from "../domain/generation.ts";
import type { ActivationLedger, SeenDevice } from "../domain/ledger.ts";
import type { CoveredProduct } from "../domain/licence.ts";
import type { Policy } from "../domain/policy.ts";
import { MINUTE_MS, SECOND_MS } from "../domain/units.ts";
import type { Sha256, Signer, Verifier } from "../ports/keys.ts";
import { type CmidStore, type StateChange, StorageFailedError } from "../ports/store.ts";
import type { ActivationAnswer } from "../protocol/api.ts";
import { makeLease } from "../protocol/lease.ts";
import { MalformedTokenError } from "../protocol/malformed-token.ts";
import { type OpenedRequest, openRequest } from "../protocol/request.ts";
import { type KeyNames, keyNames } from "../protocol/thumbprint.ts";
import type { ActivationEvents } from "./activation-events.ts";
import type { ActivationTally } from "./activation-tally.ts";
import { type Generation, REPLACED } from "./generation.ts";
import type { HostClock, HostTime } from "./host-clock.ts";
import type { LicenceService } from "./licences.ts";
import { RefusalError } from "./refusal.ts";
import type { SourceLimits } from "./source-limits.ts";
import { Turnstile } from "./turnstile.ts";

/** Signature checks under way at once; more would delay the writes that share the thread pool. */
const CHECKS_AT_ONCE = 16;
/** Waiting checks from which a source over its rate is refused before its signature is checked. */
const CROWDED = 32;
/** Requests under way at once, whatever their pace: a bound on memory. */
const MOST_AT_ONCE = 4096;
const OVERLOAD_RETRY_SECONDS = 10;
/** How many records are looked at in one go when some fall due. */
const DISCARD_STEP = 256;

export interface ActivationParts {
  readonly store: CmidStore;
  readonly policy: Policy;
  readonly clock: HostClock;
  readonly licences: LicenceService;
  readonly limits: SourceLimits;
  readonly signer: Signer;
  readonly verifier: Verifier;
  readonly sha256: Sha256;
  readonly events: ActivationEvents;
  readonly tally: ActivationTally;
  readonly generation: Generation;
  /** Told of what was stored, if anything wants to know. */
  readonly witness?: ContactWitness;
}

/** Sees who comes and who leaves. Never throws, never waits. */
export interface ContactWitness {
  /** @param before who asked last under the CMID; undefined if nobody did */
  contacted(before: SeenDevice | undefined, now: ContactRecord): void;
  discarded(records: readonly ContactRecord[], nowMs: number): void;
}

/** A request on its way through the checks. */
interface Passage {
  readonly source: string;
  readonly request: OpenedRequest;
  /** Seconds that this source must wait for its next request; 0 if it is within its rate. */
  readonly rateWaitSeconds: number;
}

/**
 * Answers activation requests.
 *
 * Checks come in the order of precedence of the wire format: form, licence, clock, signature and
 * identity, replay, rate, rule. Everything from the replay check to the change of the ledger
 * happens in one turn of the event loop, so that concurrent requests cannot pass each other.
 */
export class ActivationService {
  readonly #parts: ActivationParts;
  readonly #checks = new Turnstile(CHECKS_AT_ONCE);
  readonly #admission = new Admission(MOST_AT_ONCE);

  constructor(parts: ActivationParts) {
    this.#parts = parts;
  }

  /**
   * @param body the compact JWS
   * @param source plain address of the client
   * @throws {RefusalError}
   */
  async activate(body: string, source: string): Promise<ActivationAnswer> {
    const { clock, tally, events } = this.#parts;
    const enteredMs = clock.monotonicMs();
    if (!this.#admission.enter(enteredMs)) {
      const refusal = new RefusalError("overloaded", { retryAfterSeconds: OVERLOAD_RETRY_SECONDS });
      tally.refused(refusal.code);
      events.refused(refusal, source);
      throw refusal;
    }
    try {
      return await this.#pass(body, source);
    } finally {
      const leftMs = clock.monotonicMs();
      this.#admission.leave(leftMs);
      tally.answers.add(leftMs - enteredMs);
    }
  }

  async #pass(body: string, source: string): Promise<ActivationAnswer> {
    const { clock, limits, events, tally } = this.#parts;
    const rateWaitSeconds = limits.takeRequest(source, clock.monotonicMs());
    const request = this.#opened(body, source);
    const { claims } = request;
    const passage = { source, request, rateWaitSeconds };
    try {
      const time = clock.read();
      this.#requireLicence(request, time);
      this.#requireClock(request, time);
      const names = await this.#requireIdentity(passage);
      const answer = await this.#count(passage, names);
      tally.activated(claims.product);
      return answer;
    } catch (error) {
      if (error instanceof RefusalError) {
        tally.refused(error.code, this.#namedProduct(claims));
        // One that was counted has been told of as a request received.
        if (error.code !== "count-below-threshold") events.refused(error, source, claims);
      }
      throw error;
    }
  }

  #namedProduct({ product }: RequestClaims): string | undefined {
    return this.#parts.licences.book.names(product) ? product : undefined;
  }

  #opened(body: string, source: string): OpenedRequest {
    try {
      return openRequest(body);
    } catch (cause) {
      if (!(cause instanceof MalformedTokenError)) throw cause;
      const detail = `Not an activation request: ${cause.message}.`;
      const refusal = new RefusalError("malformed-request", { detail }, { cause });
      this.#parts.tally.refused(refusal.code);
      this.#parts.events.refused(refusal, source);
      throw refusal;
    }
  }

  /** While the time is unknown, so is whether a licence is valid: then it is enough to have one. */
  #requireLicence({ claims }: OpenedRequest, time: HostTime): void {
    const { licences, generation } = this.#parts;
    if (generation.isReplaced) throw replaced(claims.product);
    const covered = time.trusted
      ? licences.covering(claims.product, time.nowMs) !== undefined
      : licences.book.names(claims.product);
    if (!covered) throw notLicensed(claims.product);
  }

  #requireClock({ claims }: OpenedRequest, time: HostTime): void {
    const { policy } = this.#parts;
    if (!time.trusted) throw clockUntrusted(time.reason, policy);
    if (Math.abs(claims.iat * SECOND_MS - time.nowMs) > policy.clockSkewMs) {
      throw new RefusalError("clock-skew", {
        detail:
          `The request says ${isoTime(claims.iat * SECOND_MS)}, this host ` +
          `${isoTime(time.nowMs)}. Set the client's clock.`,
        hostTime: Math.floor(time.nowMs / SECOND_MS),
      });
    }
  }

  async #requireIdentity({ request, rateWaitSeconds }: Passage): Promise<KeyNames> {
    const { jwk, kid, claims, signed, signature } = request;
    if (rateWaitSeconds > 0 && this.#checks.waiting >= CROWDED) throw rateLimited(rateWaitSeconds);
    const names = keyNames(jwk, this.#parts.sha256);
    if (names.cmid !== claims.sub) {
      throw new RefusalError("bad-signature", {
        detail: "The CMID in sub is not the one of the key in the header.",
      });
    }
    const valid =
      (kid === undefined || kid === names.thumbprint) &&
      (await this.#checks.run(() => this.#parts.verifier.verify(jwk, signed, signature)));
    if (!valid) {
      throw new RefusalError("bad-signature", {
        detail: "The signature does not match the key in the header.",
      });
    }
    await this.#requireOwnPlace(claims);
    return names;
  }

  /** The licence went with the backup to the box that was restored from it. */
  async #requireOwnPlace({ lastLease, product }: RequestClaims): Promise<void> {
    if (lastLease === undefined) return;
    if (await this.#parts.generation.heed(lastLease)) throw replaced(product);
  }

  async #count(passage: Passage, names: KeyNames): Promise<ActivationAnswer> {
    const { store, clock, licences, policy, events, witness } = this.#parts;
    const { claims } = passage.request;
    this.#requireFresh(passage);
    const time = clock.read();
    if (!time.trusted) throw clockUntrusted(time.reason, policy);
    const covered = licences.covering(claims.product, time.nowMs);
    if (!covered) throw notLicensed(claims.product);
    const isNew = this.#requireRate(passage);

    const discarded = this.#discardDue(time.nowMs);
    const before = store.ledger.count(covered.product.application);
    const decision = decide(store.ledger, policy, covered.product, claims, time.nowMs);
    const device = witness && store.ledger.device(claims.sub);
    const stored = this.#timed(store.commit([{ op: "put", record: decision.record }]));
    const [answer] = await Promise.all([
      this.#answer(passage.request, names, covered, decision, time.nowMs),
      Promise.all([stored, discarded]).catch((error: unknown) => {
        if (isNew) this.#parts.limits.giveBackNewClient(passage.source);
        throw storageRefusal(error);
      }),
    ]);
    events.counted(passage.source, claims, covered, decision, before);
    witness?.contacted(device, decision.record);
    if (!answer) throw belowThreshold(decision, policy);
    return answer;
  }

  async #timed(stored: Promise<void>): Promise<void> {
    const { clock, tally } = this.#parts;
    const begunMs = clock.monotonicMs();
    await stored;
    tally.commits.add(clock.monotonicMs() - begunMs);
  }

  #requireFresh({ request }: Passage): void {
    const verdict = freshness(this.#parts.store.ledger, request.claims);
    if (verdict === "replayed") throw new RefusalError("replayed-request");
    if (verdict === "too-many-at-once") throw rateLimited(1);
  }

  /** Returns whether the CMID is new, in which case it was taken from the source's quota. */
  #requireRate({ source, request, rateWaitSeconds }: Passage): boolean {
    const { store, clock, limits } = this.#parts;
    if (rateWaitSeconds > 0) throw rateLimited(rateWaitSeconds);
    const { condition } = store;
    if (condition.state === "failed") throw storageFailed(condition.reason);
    if (store.ledger.lastRequest(request.claims.sub)) return false;
    const waitSeconds = limits.takeNewClient(source, clock.monotonicMs());
    if (waitSeconds > 0) {
      throw new RefusalError("too-many-new-clients", {
        detail:
          "This address brought as many new clients today as it may. If it stands for a whole " +
          "office, raise rateLimit.newClientsPerDay or add it to rateLimit.exempt on the host.",
        retryAfterSeconds: waitSeconds,
      });
    }
    return true;
  }

  /**
   * Discards every record whose retention has ended, so that it does not count.
   * Resolves when that is on flash; the ledger changes at once.
   */
  discardDue(): Promise<void> {
    const time = this.#parts.clock.read();
    return time.trusted ? this.#discardDue(time.nowMs) : Promise.resolve();
  }

  #discardDue(nowMs: number): Promise<void> {
    const { store, policy, events, witness } = this.#parts;
    const stored: Promise<void>[] = [];
    for (;;) {
      const due = dueForDiscard(store.ledger, policy, nowMs, DISCARD_STEP);
      if (due.length === 0) return Promise.all(stored).then(() => undefined);
      const records: ContactRecord[] = due.flatMap(
        ({ cmid, product }) => store.ledger.get(cmid, product) ?? [],
      );
      const before = countsOf(store.ledger, records);
      const changes: StateChange[] = due.map((key) => ({ op: "discard", ...key }));
      const commit = store.commit(changes);
      const after = countsOf(store.ledger, records);
      stored.push(
        commit.then(() => {
          events.discarded(records, before, after);
          witness?.discarded(records, nowMs);
        }),
      );
      if (store.condition.state === "failed") return Promise.all(stored).then(() => undefined);
    }
  }

  async #answer(
    request: OpenedRequest,
    names: KeyNames,
    { licence }: CoveredProduct,
    { activated, count, threshold, record }: Decision,
    nowMs: number,
  ): Promise<ActivationAnswer | undefined> {
    if (!activated) return undefined;
    const { signer, policy, generation } = this.#parts;
    const lease = await makeLease(
      {
        iss: signer.thumbprint,
        sub: record.cmid,
        cnf: { jkt: names.thumbprint },
        product: record.product,
        iat: Math.floor(nowMs / SECOND_MS),
        exp: record.leaseExpiresMs / SECOND_MS,
        nonce: request.claims.jti,
        count,
        threshold,
        ...(generation.current > FIRST_GENERATION && { generation: generation.current }),
      },
      (data) => signer.sign(data),
    );
    return {
      lease,
      licence: licence.token,
      count,
      threshold,
      validityMinutes: Math.floor(policy.activationValidityMs / MINUTE_MS),
      renewalIntervalMinutes: Math.floor(policy.renewalIntervalMs / MINUTE_MS),
      retryIntervalMinutes: Math.floor(policy.retryIntervalMs / MINUTE_MS),
    };
  }
}

/** Activation count of every application that the records belong to. */
function countsOf(ledger: ActivationLedger, records: readonly ContactRecord[]) {
  return new Map(records.map(({ application }) => [application, ledger.count(application)]));
}

function notLicensed(product: string): RefusalError {
  return new RefusalError("product-not-licensed", { product });
}

function replaced(product: string): RefusalError {
  return new RefusalError("product-not-licensed", { product, detail: REPLACED });
}

function rateLimited(retryAfterSeconds: number): RefusalError {
  return new RefusalError("rate-limited", { retryAfterSeconds });
}

function clockUntrusted(reason: string, policy: Policy): RefusalError {
  return new RefusalError("clock-untrusted", {
    detail: reason,
    retryAfterSeconds: policy.retryIntervalMs / SECOND_MS,
  });
}

function storageRefusal(error: unknown): unknown {
  return error instanceof StorageFailedError ? storageFailed(error.message) : error;
}

function storageFailed(detail: string): RefusalError {
  return new RefusalError("storage-failed", { detail, retryAfterSeconds: 60 });
}

function belowThreshold({ count, threshold }: Decision, policy: Policy): RefusalError {
  return new RefusalError("count-below-threshold", {
    detail: `${count} of ${threshold} clients have asked so far; this one is counted.`,
    count,
    threshold,
    retryIntervalMinutes: Math.floor(policy.retryIntervalMs / MINUTE_MS),
    retryAfterSeconds: policy.retryIntervalMs / SECOND_MS,
  });
}

function isoTime(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
