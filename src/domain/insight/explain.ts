import type { LicensedProduct } from "../claims.ts";
import type { ContactRecord } from "../contact.ts";
import type { Policy } from "../policy.ts";
import type { Absentee } from "./calendar.ts";
import { isOverdue } from "./overdue.ts";
import { numberWord, spanText } from "./wording.ts";

/**
 * `activated` and `waiting` (for its next request, as the count is reached) are as they should be; all
 * others name what keeps a machine from being activated or from renewing.
 */
export const EXPLAINED_STATES = [
  "activated",
  "waiting",
  "overdue",
  "storage-failed",
  "clock-untrusted",
  "not-licensed",
  "licence-expired",
  "refused",
  "count-below-threshold",
  "discarded",
  "unknown",
] as const;

/** Why a machine is activated for a product or is not. */
export interface Explanation {
  readonly activated: boolean;
  readonly state: (typeof EXPLAINED_STATES)[number];
  /** One, for a person. */
  readonly sentence: string;
}

interface LicensedCover {
  readonly kind: "licensed";
  readonly product: LicensedProduct;
  readonly count: number;
}

/** What a licence says of a product. */
export type Cover =
  | LicensedCover
  | { readonly kind: "not-licensed" | "licence-expired"; readonly name: string };

export interface Circumstances {
  readonly nowMs: number;
  readonly policy: Policy;
  readonly cover: Cover;
  /** What keeps the box from counting anybody; `reason` is for a person. */
  readonly trouble:
    | { readonly state: "clock-untrusted" | "storage-failed"; readonly reason: string }
    | undefined;
  /** The machine's last refusal, if it is known. */
  readonly refusal: { readonly atMs: number; readonly message: string } | undefined;
  /** A day for a person. */
  readonly day: (timeMs: number) => string;
}

/** Explains a machine that the box knows for a product. */
export function explainRecord(record: ContactRecord, around: Circumstances): Explanation {
  const { hostname, leaseExpiresMs } = record;
  const { nowMs, day } = around;
  const name = productName(around.cover);
  const cause = causeOf(record, around);
  if (leaseExpiresMs > nowMs) {
    const until = `${hostname} is activated for ${name} until ${day(leaseExpiresMs)}`;
    const rest = restOfActivated(record, around, cause);
    return { activated: true, state: cause?.state ?? "activated", sentence: `${until}${rest}.` };
  }
  const not =
    leaseExpiresMs > 0
      ? `${hostname} has not been activated for ${name} since ${day(leaseExpiresMs)}`
      : `${hostname} is not activated for ${name}`;
  const rest = cause ? `because ${cause.because}` : `yet: ${waiting(record, around)}`;
  return { activated: false, state: cause?.state ?? "waiting", sentence: `${not} ${rest}.` };
}

/** Explains a machine that is discarded; its last activation may last on. */
export function explainAbsent(
  { hostname, lastContactMs, leaseExpiresMs }: Absentee,
  { policy, cover, day }: Circumstances,
): Explanation {
  const discarded = day(lastContactMs + policy.cmidRetentionMs);
  const sentence =
    `${hostname} is activated for ${productName(cover)} until ${day(leaseExpiresMs)}, but has not ` +
    `asked since ${day(lastContactMs)} and no longer counts since ${discarded}.`;
  return { activated: true, state: "discarded", sentence };
}

/** Explains a machine that is not known, or not for the product. */
export function explainUnknown(
  name: string,
  { policy }: Pick<Circumstances, "policy">,
  refusal: Circumstances["refusal"],
  product?: string,
): Explanation {
  const forWhat = product === undefined ? "" : ` for ${product}`;
  if (refusal) {
    const sentence = `${name} is not activated${forWhat} because its last request was refused: ${clause(refusal.message)}.`;
    return { activated: false, state: "refused", sentence };
  }
  const sentence =
    `${name} has not asked this host${forWhat} within the last ${spanText(policy.cmidRetentionMs)}: ` +
    'run "kms-client doctor" on it, and see that its name is the one that "kms-box clients" shows.';
  return { activated: false, state: "unknown", sentence };
}

interface Cause {
  readonly state: Explanation["state"];
  /** A clause without a full stop. */
  readonly because: string;
}

const UNCOVERED = {
  "licence-expired": "the licence for it has expired; ask the vendor for a new one",
  "not-licensed": "no valid licence on this host covers it; install one that does",
};

/** What keeps the machine from being activated or renewed, the gravest first. */
function causeOf(record: ContactRecord, around: Circumstances): Cause | undefined {
  const { nowMs, policy, cover, trouble, refusal } = around;
  const sinceMs = nowMs - record.lastContactMs;
  if (isOverdue(record.lastContactMs, policy, nowMs)) {
    const every = spanText(policy.renewalIntervalMs);
    const because = `it has not asked for ${spanText(sinceMs)}, and should every ${every}`;
    return { state: "overdue", because };
  }
  if (trouble) return { state: trouble.state, because: troubleText(trouble) };
  if (cover.kind !== "licensed") return { state: cover.kind, because: UNCOVERED[cover.kind] };
  if (refusal && refusal.atMs > record.lastContactMs) {
    const ago = spanText(nowMs - refusal.atMs);
    const because = `its last request, ${ago} ago, was refused: ${clause(refusal.message)}`;
    return { state: "refused", because };
  }
  return tooFew(cover, sinceMs);
}

function tooFew({ product, count }: LicensedCover, sinceMs: number): Cause | undefined {
  const missing = product.threshold - count;
  if (missing <= 0) return undefined;
  const needed =
    missing === 1
      ? "one more machine is needed"
      : `${numberWord(missing)} more machines are needed`;
  const because = `the count is ${count} of ${product.threshold}; it last asked ${spanText(sinceMs)} ago; ${needed}`;
  return { state: "count-below-threshold", because };
}

function troubleText({ state, reason }: NonNullable<Circumstances["trouble"]>): string {
  const what =
    state === "clock-untrusted"
      ? "this host's clock is not trusted"
      : "this host cannot store anything";
  return `${what}: ${clause(reason)}`;
}

function restOfActivated(
  record: ContactRecord,
  { nowMs, policy, day }: Circumstances,
  cause: Cause | undefined,
): string {
  if (!cause) return `; it last asked ${spanText(nowMs - record.lastContactMs)} ago`;
  if (cause.state !== "overdue") return `, but cannot renew because ${cause.because}`;
  const leaves = day(record.lastContactMs + policy.cmidRetentionMs);
  return `, but ${cause.because}; from ${leaves} on it will not count`;
}

/** The count has been reached since it asked. */
function waiting(
  { lastContactMs }: ContactRecord,
  { nowMs, policy, cover }: Circumstances,
): string {
  const reached =
    cover.kind === "licensed" ? `${cover.count} of ${cover.product.threshold}` : "reached";
  return (
    `the count is ${reached} now; it last asked ${spanText(nowMs - lastContactMs)} ago and tries again ` +
    `every ${spanText(policy.retryIntervalMs)}`
  );
}

function productName(cover: Cover): string {
  return cover.kind === "licensed" ? cover.product.name : cover.name;
}

/** A message as a part of a sentence. */
function clause(message: string): string {
  return message.replace(/[.\s]+$/, "");
}
