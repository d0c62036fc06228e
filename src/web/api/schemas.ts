import { UPGRADE_ENDINGS } from "../../ports/upgrade.ts";
import { HealthAnswerSchema, HostAnswerSchema } from "../../protocol/api.ts";
import { LicensedProductSchema, PublicJwkSchema } from "../../protocol/schemas.ts";
import { type Static, Type } from "../../protocol/typebox.ts";
import { CLIENT_SORTS } from "../../services/client-list.ts";

const FailedUpgradeSchema = Type.Object({
  outcome: Type.Enum(UPGRADE_ENDINGS),
  from: Type.String({ description: "Version in use" }),
  to: Type.String({ description: "Version that is not" }),
  reason: Type.String(),
  at: Type.String({ description: "ISO 8601" }),
});

/** `GET /api/v1/status` */
export const StatusSchema = Type.Object({
  version: Type.String(),
  host: Type.String({ description: "Thumbprint of the host key" }),
  startedAt: Type.Integer({ description: "NumericDate" }),
  uptimeSeconds: Type.Integer(),
  lastStart: Type.String({ description: 'Why it was started, such as "power cut"' }),
  failedUpgrade: Type.Union([FailedUpgradeSchema, Type.Null()]),
  time: Type.Integer({ description: "NumericDate" }),
  clock: Type.Object({ trusted: Type.Boolean(), detail: Type.String() }),
  address: Type.String({ description: "Where clients are served" }),
  demonstration: Type.Boolean({ description: "Whether a demonstration vendor is installed" }),
  clients: Type.Integer({ description: "Distinct CMIDs, over all applications" }),
  products: HostAnswerSchema.properties.products,
  health: HealthAnswerSchema,
});
export type Status = Static<typeof StatusSchema>;

const CLIENT_FILTER = {
  search: Type.Optional(Type.String({ maxLength: 255, description: "Part of host name or CMID" })),
  product: Type.Optional(Type.String({ maxLength: 64 })),
};

/** `GET /api/v1/clients.csv?…` */
export const ClientFilterQuerySchema = Type.Object(CLIENT_FILTER, { additionalProperties: false });
export type ClientFilterQuery = Static<typeof ClientFilterQuerySchema>;

/** `GET /api/v1/clients?…` */
export const ClientQuerySchema = Type.Object(
  {
    ...CLIENT_FILTER,
    sort: Type.Enum(CLIENT_SORTS, { default: "hostname" }),
    order: Type.Enum(["asc", "desc"] as const, { default: "asc" }),
    offset: Type.Integer({ minimum: 0, default: 0 }),
    limit: Type.Integer({ minimum: 1, maximum: 100_000, default: 1000 }),
  },
  { additionalProperties: false },
);
export type ClientQuery = Static<typeof ClientQuerySchema>;

const ClientSchema = Type.Object({
  cmid: Type.String(),
  hostname: Type.String(),
  product: Type.String(),
  application: Type.String(),
  agent: Type.String(),
  status: Type.String({ description: "Licence state as the client told it last" }),
  firstContact: Type.Integer({ description: "NumericDate" }),
  lastContact: Type.Integer({ description: "NumericDate" }),
  activatedUntil: Type.Union([Type.Integer(), Type.Null()], { description: "NumericDate" }),
  daysLeft: Type.Union([Type.Integer(), Type.Null()]),
});

export const ClientPageSchema = Type.Object({
  total: Type.Integer({ description: "Records that match, on all pages" }),
  clients: Type.Array(ClientSchema),
});
export type ClientPage = Static<typeof ClientPageSchema>;

/** `DELETE /api/v1/clients/:cmid` */
export const ClientParamsSchema = Type.Object({
  cmid: Type.String({
    pattern: "^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$",
    description: "CMID, such as 6a1e9b58-0d1f-8a37-9c4e-3b2a17f05d66",
  }),
});
export type ClientParams = Static<typeof ClientParamsSchema>;

export const ForgottenSchema = Type.Object({
  cmid: Type.String(),
  hostname: Type.String(),
  products: Type.Array(Type.String()),
});
export type Forgotten = Static<typeof ForgottenSchema>;

/** `GET /api/v1/events?after=N` */
export const EventQuerySchema = Type.Object(
  {
    after: Type.Integer({ minimum: 0, default: 0, description: "Only events past this sequence" }),
    name: Type.Optional(Type.String({ maxLength: 64 })),
  },
  { additionalProperties: false },
);
export type EventQuery = Static<typeof EventQuerySchema>;

export const EventPageSchema = Type.Object({
  events: Type.Array(
    Type.Object({
      sequence: Type.Integer(),
      time: Type.String({ description: "ISO 8601" }),
      id: Type.Integer(),
      name: Type.String(),
      level: Type.String(),
      message: Type.String(),
      details: Type.Record(Type.String(), Type.Unknown()),
    }),
  ),
});
export type EventPage = Static<typeof EventPageSchema>;

/** `POST /api/v1/licences` */
export const InstallSchema = Type.Object(
  {
    token: Type.String({ minLength: 1, maxLength: 64 * 1024, description: "Compact JWS" }),
    addVendor: Type.Boolean({ default: false }),
  },
  { additionalProperties: false },
);
export type Install = Static<typeof InstallSchema>;

export const LicenceViewSchema = Type.Object({
  vendor: Type.String(),
  vendorThumbprint: Type.String(),
  validity: Type.Enum(["valid", "not-yet-valid", "expired"] as const),
  issued: Type.Integer({ description: "NumericDate" }),
  validFrom: Type.Integer({ description: "NumericDate" }),
  expires: Type.Integer({ description: "NumericDate" }),
  products: Type.Array(LicensedProductSchema),
});
export type LicenceView = Static<typeof LicenceViewSchema>;

export const LicenceListSchema = Type.Object({
  host: Type.String({ description: "Thumbprint of the host key" }),
  licences: Type.Array(LicenceViewSchema),
});
export type LicenceList = Static<typeof LicenceListSchema>;

/** `POST /api/v1/restart`, `/api/v1/reset` and `/api/v1/power-off`: told before the service stops. */
export const AcceptedSchema = Type.Object({
  accepted: Type.Enum(["restart", "factory-reset", "power-off"] as const),
});
export type Accepted = Static<typeof AcceptedSchema>;

/** `GET /api/v1/licences/request`: what a vendor needs for a licence. */
export const LicenceRequestSchema = PublicJwkSchema;

const LampPatternSchema = Type.Enum(["off", "steady", "slow", "fast"] as const);

/** `GET /api/v1/panel`: the front panel as it stands now. */
export const PanelSchema = Type.Object({
  width: Type.Integer(),
  height: Type.Integer(),
  picture: Type.String({
    description: "Base64; byte page * width + x holds eight rows of column x, bit 0 on top",
  }),
  brightness: Type.Enum(["full", "dim", "off"] as const),
  leds: Type.Object({
    green: LampPatternSchema,
    yellow: LampPatternSchema,
    red: LampPatternSchema,
    activity: LampPatternSchema,
  }),
  lines: Type.Array(Type.String(), {
    description: "What is shown, in words; never the one-time code",
  }),
  parts: Type.Object(
    {
      display: Type.String(),
      leds: Type.String(),
      button: Type.String(),
    },
    { description: "Whether the hardware is there: present, or why not" },
  ),
});
export type PanelAnswer = Static<typeof PanelSchema>;

/** `GET /api/v1/doctor`: runs its checks first, which takes up to 15 s. */
export const DiagnosisSchema = Type.Object({
  result: Type.Enum(["ok", "warning", "wrong"] as const),
  summary: Type.String({ description: "For a person, with the next step" }),
  findings: Type.Array(
    Type.Object({
      id: Type.String(),
      title: Type.String(),
      result: Type.Enum(["ok", "warning", "wrong", "skipped"] as const),
      evidence: Type.String(),
      nextStep: Type.Union([Type.String(), Type.Null()]),
    }),
    { description: "In the order of causes" },
  ),
});
