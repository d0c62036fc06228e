import { GenerationSchema, LicensedProductSchema } from "./schemas.ts";
import { type Static, Type } from "./typebox.ts";

/** The answer to an accepted request (`200` of `POST /v1/activations`). */
export const ActivationAnswerSchema = Type.Object({
  lease: Type.String({ description: "Lease, compact JWS, typ kms-lease+jwt" }),
  licence: Type.String({ description: "The vendor's licence, compact JWS, typ kms-licence+jwt" }),
  count: Type.Integer({ minimum: 0, description: "Activation count, this contact included" }),
  threshold: Type.Integer({ minimum: 1 }),
  validityMinutes: Type.Integer({ minimum: 1 }),
  renewalIntervalMinutes: Type.Integer({ minimum: 1 }),
  retryIntervalMinutes: Type.Integer({ minimum: 1 }),
});
export type ActivationAnswer = Static<typeof ActivationAnswerSchema>;

/** The answer of `GET /v1/host`. */
export const HostAnswerSchema = Type.Object({
  host: Type.String({ description: "Thumbprint of the host key" }),
  licence: Type.Union([Type.String(), Type.Null()], {
    description: "The valid licence issued last, compact JWS; null if none is valid",
  }),
  licences: Type.Array(Type.String(), {
    description: "Every installed licence, of all vendors; compact JWS",
  }),
  generation: Type.Optional(GenerationSchema),
  time: Type.Integer({ description: "The host's clock; NumericDate" }),
  products: Type.Array(
    Type.Object({
      ...LicensedProductSchema.properties,
      count: Type.Integer({ minimum: 0 }),
      activating: Type.Boolean({ description: "Whether the count has reached the threshold" }),
    }),
  ),
});
export type HostAnswer = Static<typeof HostAnswerSchema>;

/** The answer of `GET /v1/health`, with status 200 or 503. */
export const HealthAnswerSchema = Type.Object({
  healthy: Type.Boolean(),
  reasons: Type.Array(
    Type.Object({
      code: Type.String(),
      detail: Type.String({ description: "With the next step" }),
    }),
  ),
});
export type HealthAnswer = Static<typeof HealthAnswerSchema>;

/** A refusal (RFC 9457). */
export const ProblemSchema = Type.Object({
  type: Type.String({ description: "urn:kms-box:problem:<name>" }),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.Optional(Type.String()),
  product: Type.Optional(Type.String()),
  hostTime: Type.Optional(Type.Integer({ description: "NumericDate" })),
  count: Type.Optional(Type.Integer()),
  threshold: Type.Optional(Type.Integer()),
  retryIntervalMinutes: Type.Optional(Type.Integer()),
});
