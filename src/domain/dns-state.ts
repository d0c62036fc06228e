import type {
  DnsFailureCode,
  DnsRegistration,
  DomainReport,
  RivalRecord,
} from "./dns-registration.ts";

/** One moment on both clocks. */
export interface Moment {
  readonly monotonicMs: number;
  readonly wallMs: number;
}

export type DnsWork = "publish" | "inspect" | "withdraw";

/** How one domain is kept published. */
export interface DnsMachine {
  readonly wanted: DnsRegistration;
  /**
   * What may be out there of this host, the newest first; each with those addresses only that it is
   * known to have written. To be kept for good.
   */
  readonly kept: readonly DnsRegistration[];
  readonly aim: "publish" | "withdraw";
  /** Of `kept`, what was known before the present attempt to publish wrote anything. */
  readonly keptBefore: readonly DnsRegistration[];
  /** What is being done now. */
  readonly busy: DnsWork | null;
  /** Monotonic; infinite while there is nothing to do. */
  readonly dueMs: number;
  /** Monotonic: when it is written anew. */
  readonly registerMs: number;
  /** Whether what is wanted was found after it was written: then looking suffices. */
  readonly proven: boolean;
  /** Whether what was proven was found missing since. */
  readonly missing: boolean;
  /** Whether the server keeps what was written otherwise than it was told to: then looking suffices. */
  readonly willful: boolean;
  readonly failures: number;
  /** What was told of last, so that it is told once. */
  readonly toldPublished: DnsRegistration | null;
  readonly toldCode: DnsFailureCode | null;
  readonly toldRivals: readonly string[];
  readonly checkMs: number;
  readonly report: Pick<DomainReport, "server" | "rivals" | "state">;
}

/** What the zone's primary was found to have. */
export interface Found {
  readonly server: string;
  readonly oursPresent: boolean;
  readonly addressesRight: boolean;
  readonly rivals: readonly RivalRecord[];
  /** Records of this host's target and port, but with another priority or weight. */
  readonly duplicates: readonly RivalRecord[];
  readonly ttlSeconds: number | null;
  readonly ownAddresses: readonly string[];
  readonly seenBySystem: boolean | null;
}

export type DnsEvent =
  | { readonly event: "tick" }
  /** The machine's name, port or addresses are others now. */
  | { readonly event: "wanted"; readonly registration: DnsRegistration }
  | { readonly event: "publish-asked" }
  | { readonly event: "withdraw-asked" }
  /** These addresses of what is being published are about to be written; none if they were refused. */
  | { readonly event: "writing"; readonly addresses: readonly string[] }
  | DnsDone
  | DnsFailed;

export interface DnsDone {
  readonly event: "done";
  readonly work: DnsWork;
  readonly registration: DnsRegistration;
  readonly found: Found;
}

export interface DnsFailed {
  readonly event: "failed";
  readonly work: DnsWork;
  readonly code: DnsFailureCode;
  readonly reason: string;
  /** In [0, 1). */
  readonly random: number;
}

/** What the administrator is told of. */
export type DnsNews =
  | { readonly news: "published" | "restored"; readonly server: string }
  | { readonly news: "withdrawn" }
  | { readonly news: "failed"; readonly code: DnsFailureCode; readonly reason: string }
  | { readonly news: "rival"; readonly rival: RivalRecord; readonly beside: boolean };

export type DnsEffect =
  | { readonly effect: "keep"; readonly kept: readonly DnsRegistration[] }
  | { readonly effect: "tell"; readonly news: DnsNews; readonly registration: DnsRegistration }
  | { readonly effect: "inspect"; readonly registration: DnsRegistration }
  | {
      readonly effect: "publish";
      readonly registration: DnsRegistration;
      /** What may be out there instead, the newest first. */
      readonly formers: readonly DnsRegistration[];
    }
  | { readonly effect: "withdraw"; readonly registrations: readonly DnsRegistration[] };

export interface DnsStep {
  readonly machine: DnsMachine;
  readonly effects: readonly DnsEffect[];
}

export interface DnsStart {
  readonly wanted: DnsRegistration;
  readonly kept: readonly DnsRegistration[];
  readonly aim: DnsMachine["aim"];
  readonly checkMs: number;
  /** Monotonic: when to begin; infinite while the machine has no address yet. */
  readonly dueMs: number;
}

/** A domain of which nothing is known yet but what was published before. */
export function startedDns(start: DnsStart): DnsMachine {
  return {
    ...start,
    keptBefore: start.kept,
    busy: null,
    registerMs: start.dueMs,
    proven: false,
    missing: false,
    willful: false,
    failures: 0,
    toldPublished: null,
    toldCode: null,
    toldRivals: [],
    report: { server: null, rivals: [], state: { state: "pending" } },
  };
}
