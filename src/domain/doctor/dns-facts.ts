import type { DnsFailureCode, DomainState, RivalRecord } from "../dns-registration.ts";

/** What a zone's primary has of this host, and of others under the same name. */
export interface DomainRecords {
  /** `ADDRESS#PORT` that was asked. */
  readonly server: string;
  readonly oursPresent: boolean;
  readonly ttlSeconds: number | null;
  readonly rivals: readonly RivalRecord[];
  /** Records of this host's target and port, but with another priority or weight. */
  readonly duplicates: readonly RivalRecord[];
}

/** Why a primary could not be asked; `reason` is a sentence or more. */
export interface DnsFailure {
  readonly code: DnsFailureCode;
  readonly reason: string;
}

/** What tells whether a domain's server accepts this host's updates. */
export type UpdateFact =
  /** What the box saw when it published last. */
  | DomainState
  /** An update that asks for nothing but a condition (RFC 2136 section 2.4) was tried. */
  | { readonly state: "trial"; readonly failure: DnsFailure | null }
  | { readonly state: "no-credentials" };

/** Where a KMS host is said to be. */
export interface HostPlace {
  readonly target: string;
  readonly port: number;
}

/** What came of asking `GET /v1/host` there. */
export type Meeting =
  | { readonly kind: "host"; readonly thumbprint: string; readonly timeMs: number }
  /** Something listens that is no KMS host of this kind. */
  | { readonly kind: "stranger" }
  /** `why` is a clause, such as "nothing listens there". */
  | { readonly kind: "silent"; readonly why: string }
  | { readonly kind: "no-address" };

export interface Met extends HostPlace {
  readonly meeting: Meeting;
}

/** What tells most of a place that was asked at each of its addresses. */
export function meetingOf(meetings: readonly Meeting[]): Meeting {
  return (
    meetings.find(({ kind }) => kind === "host") ??
    meetings.find(({ kind }) => kind === "stranger") ??
    meetings[0] ?? { kind: "no-address" }
  );
}

/** What one name server says of the SRV records under a name. */
export interface SrvAnswer {
  /** `ADDRESS` or `ADDRESS#PORT`. */
  readonly server: string;
  /**
   * `refused`: it neither knows the name nor asks others (REFUSED); `fails`: it cannot find out
   * (SERVFAIL); `silent`: no answer, or none that can be read.
   */
  readonly answer: "found" | "none" | "refused" | "fails" | "silent";
  /** Empty unless found. */
  readonly places: readonly HostPlace[];
}
