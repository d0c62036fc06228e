import type { LeaseClaims } from "../domain/claims.ts";
import type { FailureReason } from "../domain/client-state.ts";
import { POLICY_RANGES, type Policy } from "../domain/policy.ts";
import { MINUTE_MS, SECOND_MS } from "../domain/units.ts";
import { ActivationAnswerSchema, ProblemSchema } from "../protocol/api.ts";
import { type LeaseExpectation, LeaseNotTrustedError, trustLease } from "../protocol/lease.ts";
import type { TokenCrypto } from "../protocol/licence.ts";
import { MalformedTokenError } from "../protocol/malformed-token.ts";
import { problemName } from "../protocol/problems.ts";
import { checker } from "../protocol/schemas.ts";
import type { LeaseTokens } from "./shapes.ts";
import type { Exchange, NoAnswer, RawAnswer } from "./transport.ts";

/** What a host's answer comes to, once it was checked. */
export type HostReply =
  | {
      readonly kind: "activated";
      readonly tokens: LeaseTokens;
      readonly lease: LeaseClaims;
      readonly vendor: string;
      readonly renewalIntervalMs: number;
      readonly retryIntervalMs: number;
    }
  | {
      readonly kind: "below-threshold";
      readonly count: number;
      readonly threshold: number;
      readonly retryIntervalMs: number;
    }
  | FailedReply;

export interface FailedReply {
  readonly kind: "failed";
  readonly reason: FailureReason;
  /** Name of the problem, or of the reason for distrust. */
  readonly code: string;
  /** A clause. */
  readonly message: string;
  readonly retryAfterMs?: number;
}

const checkAnswer = checker(ActivationAnswerSchema, "answer");
const checkProblem = checker(ProblemSchema, "problem");
/** How long a lease may have been under way, beside the skew that host and client allow. */
const TRANSFER_MS = MINUTE_MS;
const STATUS_OK = 200;

/** Reads and verifies a host's answer. Never rejects: what is not believed is a failure. */
export async function readReply(
  exchange: Exchange,
  expected: LeaseExpectation,
  crypto: TokenCrypto,
  nowMs: number,
  policy: Policy,
): Promise<HostReply> {
  if ("reason" in exchange) return failedExchange(exchange);
  try {
    if (exchange.status !== STATUS_OK) return refusal(exchange, policy);
    return await activation(exchange, expected, crypto, nowMs, policy);
  } catch (error) {
    if (error instanceof LeaseNotTrustedError) return distrusted(error.reason, error.message);
    if (error instanceof MalformedTokenError || error instanceof SyntaxError) {
      return distrusted("answer-malformed", "what answers there is not a KMS host of this kind");
    }
    throw error;
  }
}

async function activation(
  { body }: RawAnswer,
  expected: LeaseExpectation,
  crypto: TokenCrypto,
  nowMs: number,
  policy: Policy,
): Promise<HostReply> {
  const answer = checkAnswer(JSON.parse(body));
  const tokens = { lease: answer.lease, licence: answer.licence };
  const { lease, licence } = await trustLease(tokens, expected, crypto);
  checkTimes(lease, nowMs, policy);
  return {
    kind: "activated",
    tokens,
    lease,
    vendor: licence.iss,
    renewalIntervalMs: answer.renewalIntervalMinutes * MINUTE_MS,
    retryIntervalMs: answer.retryIntervalMinutes * MINUTE_MS,
  };
}

/**
 * The lease must have been issued now, by the same tolerance as the host's own, since its `iat` sets
 * the client's time; and it may not last longer than any policy allows.
 */
function checkTimes({ iat, exp }: LeaseClaims, nowMs: number, policy: Policy): void {
  const skewMs = Math.abs(iat * SECOND_MS - nowMs);
  if (skewMs > policy.clockSkewMs + TRANSFER_MS) {
    throw new LeaseNotTrustedError(
      "lease-time",
      `The host's clock and this machine's are ${Math.round(skewMs / MINUTE_MS)} minutes apart; set the clock that is wrong.`,
    );
  }
  if ((exp - iat) * SECOND_MS > POLICY_RANGES.activationValidityMs[1]) {
    throw new LeaseNotTrustedError("lease-time", "The lease lasts longer than any lease may.");
  }
}

function refusal({ body, retryAfterMs }: RawAnswer, policy: Policy): HostReply {
  const problem = checkProblem(JSON.parse(body));
  const name = problemName(problem.type);
  if (!name) throw new MalformedTokenError("the refusal is none of this protocol");
  const { count, threshold, retryIntervalMinutes } = problem;
  if (name === "count-below-threshold" && count !== undefined && threshold !== undefined) {
    const retryIntervalMs =
      retryIntervalMinutes === undefined
        ? policy.retryIntervalMs
        : retryIntervalMinutes * MINUTE_MS;
    return { kind: "below-threshold", count, threshold, retryIntervalMs };
  }
  const message = printable(problem.detail ?? problem.title);
  const pause = retryAfterMs === undefined ? {} : { retryAfterMs };
  return { kind: "failed", reason: "refused", code: name, message, ...pause };
}

function failedExchange({ reason, message }: NoAnswer): FailedReply {
  return reason === "unreachable" || reason === "timeout"
    ? { kind: "failed", reason: "host-unreachable", code: `host-${reason}`, message }
    : distrusted(`answer-${reason}`, message);
}

function distrusted(code: string, message: string): FailedReply {
  return { kind: "failed", reason: "not-trusted", code, message };
}

/** A stranger's text must not forge lines of a log or steer a terminal. */
function printable(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, " ").slice(0, 300);
}
