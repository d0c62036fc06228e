import { TSIG_ALGORITHMS } from "../../ports/dns-keys.ts";
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

/** Body of `PUT /api/v1/dns/domains/:domain/key` */
export const DnsKeySchema = Type.Object(
  {
    name: Type.String({
      pattern: "^[A-Za-z0-9._-]{1,253}$",
      description: "1 to 253 letters, digits and ._-",
    }),
    algorithm: Type.Enum(TSIG_ALGORITHMS),
    secret: Type.String({
      pattern: "^(?:[A-Za-z0-9+/]{4}){5,340}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
      description: "Base64 of 15 bytes or more",
    }),
  },
  { additionalProperties: false },
);
export type DnsKeyBody = Static<typeof DnsKeySchema>;

/** Answer to that, and to `DELETE /api/v1/dns/domains/:domain/key` */
export const DnsKeyChangeSchema = Type.Object({
  domain: Type.String(),
  restartNeeded: Type.Boolean({ description: "A key in the place of another is used at once" }),
});
export type DnsKeyChangeAnswer = Static<typeof DnsKeyChangeSchema>;
