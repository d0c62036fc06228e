import { ALERT_KIND_NAMES } from "../domain/alerts/alert.ts";
import { Type } from "../protocol/typebox.ts";

const path = (description: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength: 4096, description }));
const whole = (minimum: number, maximum: number, value: number, description: string) =>
  Type.Integer({ minimum, maximum, default: value, description });
const text = (maxLength: number, description: string) =>
  Type.String({ maxLength, default: "", description });

export const WebhookSchema = Type.Object(
  {
    url: Type.String({ minLength: 1, maxLength: 2048, description: "http: or https:" }),
    secretFile: path("File with the secret by which messages are signed"),
    caFile: path("Certificates in PEM to trust in place of the usual ones"),
    kinds: Type.Optional(
      Type.Array(Type.Enum(ALERT_KIND_NAMES), {
        minItems: 1,
        maxItems: ALERT_KIND_NAMES.length,
        description: "What it is told; everything if left out",
      }),
    ),
  },
  { additionalProperties: false },
);

const MailSchema = Type.Object(
  {
    host: text(253, "Mail server; empty sends no mail"),
    port: whole(1, 65_535, 587, "Of the mail server"),
    security: Type.Enum(["starttls", "tls", "none"], {
      default: "starttls",
      description:
        "starttls: TLS is begun, or nothing sent; tls: from the start; none: in the clear",
    }),
    user: text(320, "Login at the mail server"),
    passwordFile: text(4096, "File with its password"),
    caFile: text(4096, "Certificates in PEM to trust in place of the usual ones"),
    from: text(320, "Sender's address"),
    to: Type.Array(Type.String({ minLength: 1, maxLength: 320 }), {
      maxItems: 20,
      default: [],
      description: "Receivers' addresses",
    }),
  },
  { additionalProperties: false },
);

export const AlertsSchema = Type.Object(
  {
    thresholdMargin: whole(
      0,
      1_000_000,
      2,
      "How far a count may be above its threshold and still be told to be near it",
    ),
    reminderDays: whole(0, 365, 1, "How often what stays wrong is told again; 0 is never"),
    webhooks: Type.Array(WebhookSchema, {
      maxItems: 8,
      default: [],
      description: "Where alerts are posted",
    }),
    mail: MailSchema,
  },
  { additionalProperties: false },
);
