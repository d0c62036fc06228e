import { type Static, Type } from "../../protocol/typebox.ts";

const nullable = (description: string) => Type.Union([Type.String(), Type.Null()], { description });
const whole = () => Type.Integer({ minimum: 0 });

const RivalSchema = Type.Object({
  target: Type.String(),
  port: whole(),
  priority: whole(),
  weight: whole(),
});

const DomainSchema = Type.Object({
  domain: Type.String(),
  name: Type.String({ description: "Such as _vlmcs._tcp.office.example" }),
  target: Type.String({ description: "Name that clients connect to" }),
  port: whole(),
  priority: whole(),
  weight: whole(),
  ttlSeconds: whole(),
  addresses: Type.Array(Type.String(), { description: "Published under the target's name" }),
  server: nullable("ADDRESS#PORT of the zone's primary as last used"),
  rivals: Type.Array(RivalSchema, { description: "Other hosts' records under the name" }),
  state: Type.Enum(["pending", "published", "failed", "foreign", "withdrawn"] as const),
  since: nullable("ISO 8601"),
  checked: nullable("ISO 8601: when the record was last found; published only"),
  seenBySystem: Type.Union([Type.Boolean(), Type.Null()], {
    description: "Whether the box's own resolver finds it; null where it was not asked",
  }),
  code: nullable("Why it failed, for scripts"),
  reason: nullable("Why it failed and what to do, for a person"),
  retry: nullable("ISO 8601: when it is tried again; failed only"),
});
export type DnsDomainAnswer = Static<typeof DomainSchema>;

/** `GET /api/v1/dns`, `POST /api/v1/dns/publish`, `POST /api/v1/dns/withdraw` */
export const DnsSchema = Type.Object({ domains: Type.Array(DomainSchema) });
export type DnsAnswer = Static<typeof DnsSchema>;

/** Body of `POST /api/v1/dns/withdraw`. */
export const DnsWithdrawalSchema = Type.Object(
  {
    domain: Type.Optional(
      Type.String({ minLength: 1, maxLength: 253, description: "Only there; else everywhere" }),
    ),
  },
  { additionalProperties: false },
);
export type DnsWithdrawal = Static<typeof DnsWithdrawalSchema>;
