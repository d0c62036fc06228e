/** `GET /api/v1/audit` */
export interface AuditPageAnswer {
  readonly total: number;
  readonly entries: readonly {
    readonly sequence: number;
    readonly time: string;
    readonly actor: string;
    readonly source: string;
    readonly act: string;
    readonly target: string | null;
    readonly outcome: string;
  }[];
}

/** `GET /api/v1/audit/check` */
export interface AuditCheck {
  readonly whole: boolean;
  readonly detail: string;
}

/** `GET /api/v1/alerts` */
export interface AlertsAnswer {
  readonly raised: readonly {
    readonly key: string;
    readonly severity: "info" | "warning" | "critical";
    readonly since: string;
    readonly sentence: string;
    readonly remedy: string;
  }[];
  readonly targets: readonly {
    readonly target: string;
    readonly kind: "webhook" | "mail";
    readonly waiting: number;
    readonly reason: string | null;
  }[];
}

/** `POST /api/v1/alerts/test` */
export interface AlertsTest {
  readonly targets: readonly {
    readonly target: string;
    readonly taken: boolean;
    readonly said: string | null;
    readonly reason: string | null;
  }[];
}

interface Machine {
  readonly cmid: string;
  readonly hostname: string;
}

/** `GET /api/v1/forecast` */
export interface ForecastAnswer {
  readonly safe: boolean;
  readonly retired: readonly { readonly name: string; readonly machines: readonly Machine[] }[];
  readonly products: readonly {
    readonly product: string;
    readonly name: string;
    readonly threshold: number;
    readonly countNow: number;
    readonly leaving: number;
    readonly days: readonly number[];
    readonly lowest: number;
    readonly fallsBelow: string | null;
    readonly absent: number;
    readonly machines: readonly (Machine & {
      readonly lastContact: string;
      readonly leaves: string;
    })[];
  }[];
}

/** `GET /api/v1/explain` */
export interface ExplainAnswer {
  readonly explanations: readonly { readonly sentence: string }[];
}

/** `GET /api/v1/clones` */
export interface ClonesAnswer {
  readonly clones: readonly {
    readonly cmid: string;
    readonly evidence: "alternation" | "overlap";
    readonly uncounted: number;
    readonly remedy: string;
    readonly machines: readonly {
      readonly hostname: string;
      readonly fingerprint: string;
      readonly firstSeen: string;
      readonly lastSeen: string;
      readonly returns: number;
    }[];
  }[];
}

/** `GET /api/v1/calendar` */
export interface CalendarAnswer {
  readonly total: number;
  readonly lapses: readonly (Machine & {
    readonly product: string;
    readonly lastContact: string;
    readonly lapses: string;
    readonly counts: boolean;
  })[];
}
