/** Every refusal of the wire format with its HTTP status (RFC 9110) and a title for a person. */
export const PROBLEMS = {
  "malformed-request": [400, "The body is not an activation request."],
  "bad-signature": [401, "The signature or the CMID does not match the client's key."],
  "product-not-licensed": [403, "No valid licence of this host covers the product."],
  "clock-skew": [403, "The client's clock and the host's are too far apart."],
  "not-found": [404, "There is nothing at this address."],
  "method-not-allowed": [405, "This address does not take that method."],
  "count-below-threshold": [409, "Counted; not activated, as too few clients have asked yet."],
  "replayed-request": [409, "This request, or a later one of the same client, was taken before."],
  "too-large": [413, "The body is over 8192 bytes."],
  "unsupported-media-type": [415, "The body must be application/jose."],
  "too-many-new-clients": [429, "Too many new clients from this address today."],
  "rate-limited": [429, "Too many requests from this address."],
  "internal-error": [500, "The host failed in a way that it should not have."],
  "clock-untrusted": [503, "The host does not know the time yet; nothing was counted."],
  "storage-failed": [503, "The host cannot keep records at present; nothing was counted."],
  overloaded: [503, "The host is busy; nothing was counted."],
} as const satisfies Record<string, readonly [number, string]>;

export type ProblemName = keyof typeof PROBLEMS;

/** What a refusal may carry beside its name. */
export interface ProblemDetails {
  /** One sentence for this occurrence. */
  readonly detail?: string;
  /** Seconds, for the header of the same name (RFC 9110 section 10.2.3). */
  readonly retryAfterSeconds?: number;
  readonly product?: string;
  /** NumericDate. */
  readonly hostTime?: number;
  readonly count?: number;
  readonly threshold?: number;
  readonly retryIntervalMinutes?: number;
}

export const PROBLEM_MEDIA_TYPE = "application/problem+json";
const PROBLEM_TYPE_PREFIX = "urn:kms-box:problem:";

/** The RFC 9457 document of a refusal. */
export function problemDocument(name: ProblemName, details: ProblemDetails = {}) {
  const [status, title] = PROBLEMS[name];
  const { retryAfterSeconds: _header, ...members } = details;
  return { type: `${PROBLEM_TYPE_PREFIX}${name}`, title, status, ...members };
}

/** The name in a problem's `type`; undefined if it is none of this protocol. */
export function problemName(type: unknown): ProblemName | undefined {
  if (typeof type !== "string" || !type.startsWith(PROBLEM_TYPE_PREFIX)) return undefined;
  const name = type.slice(PROBLEM_TYPE_PREFIX.length);
  return Object.hasOwn(PROBLEMS, name) ? (name as ProblemName) : undefined;
}
