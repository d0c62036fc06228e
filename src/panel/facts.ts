/** What the panel tells, gathered anew before it is drawn. Times are milliseconds since 1970. */
export interface PanelFacts {
  readonly nowMs: number;
  /** False until the host serves. */
  readonly serving: boolean;
  /** One entry for each application and threshold, those that do not activate first. */
  readonly counts: readonly PanelCount[];
  readonly network: NetworkFacts;
  readonly dns: DnsFacts;
  readonly clients: ClientFacts;
  readonly health: HealthFacts;
  /** SHA-256 of the administration's certificate, as `AB:CD:…`; absent while it is not served. */
  readonly fingerprint?: string | undefined;
  /** Gravest first; never a secret. */
  readonly faults: readonly PanelFault[];
}

export interface PanelCount {
  /** The product's name, or the application's where several products share count and threshold. */
  readonly name: string;
  readonly activationCount: number;
  readonly activationThreshold: number;
}

export interface NetworkFacts {
  readonly hostname: string;
  /** Usable addresses, IPv4 first, without loopback and link-local ones where others exist. */
  readonly addresses: readonly string[];
  readonly link: "up" | "down" | "unknown";
  readonly port: number;
  /** Of the public page; null while it is not served. */
  readonly webPort: number | null;
}

export type DnsFacts =
  /** Publishing is turned off or not configured. */
  | { readonly state: "off" }
  /** It will be as soon as the network allows, or was withdrawn until somebody asks. */
  | { readonly state: "pending" | "withdrawn"; readonly record: string }
  | { readonly state: "published"; readonly record: string; readonly sinceMs: number }
  /** `reason` is for a person. */
  | { readonly state: "failed"; readonly record: string; readonly reason: string };

export interface ClientFacts {
  readonly total: number;
  readonly last: { readonly hostname: string; readonly atMs: number } | null;
  /** Activated clients whose validity interval ends within 7 days unless they renew. */
  readonly lapsingSoon: number;
}

export interface HealthFacts {
  readonly clock: { readonly trusted: boolean; readonly detail: string };
  readonly flash: { readonly ok: boolean; readonly freeBytes: number | null };
  readonly temperatureCelsius: number | null;
  readonly uptimeMs: number;
  readonly version: string;
  /** Why it last started, in a few words such as "power cut". */
  readonly lastStart: string;
}

/** A fault (red) or something that wants attention (yellow), in words that fit the panel. */
export interface PanelFault {
  readonly level: "fault" | "attention";
  /** Stable, such as `clock-untrusted`. */
  readonly code: string;
  /** At most 20 characters in capitals, such as "NO CLOCK". */
  readonly title: string;
  /** What to do next, at most 60 characters, such as "connect NTP or set it". */
  readonly nextStep: string;
  /** The next step names machines, which the public page must not. */
  readonly namesMachines?: boolean;
}
