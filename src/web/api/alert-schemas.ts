import { ALERT_KIND_NAMES, SEVERITIES } from "../../domain/alerts/alert.ts";
import { type Static, Type } from "../../protocol/typebox.ts";

const time = (description: string) => Type.String({ description: `ISO 8601: ${description}` });
const nullable = (description: string) => Type.Union([Type.String(), Type.Null()], { description });

const RaisedSchema = Type.Object({
  key: Type.String({ description: "Such as threshold-lost:writer" }),
  kind: Type.Enum(ALERT_KIND_NAMES),
  severity: Type.Enum(SEVERITIES),
  since: time("since when it is so"),
  told: time("when it was told last"),
  sentence: Type.String({ description: "What is wrong, as it was told" }),
  remedy: Type.String({ description: "What to do" }),
});

const TargetSchema = Type.Object({
  target: Type.String({ description: "For a person; holds no secret" }),
  kind: Type.Enum(["webhook", "mail"] as const),
  waiting: Type.Integer({ description: "Alerts that it has not got yet" }),
  code: nullable("Why the last message was not taken, for scripts; null if it was"),
  reason: nullable("The same for a person, with what to do"),
  retrySeconds: Type.Integer({ description: "Until it is tried again; 0 if nothing failed" }),
});

/** `GET /api/v1/alerts` */
export const AlertsAnswerSchema = Type.Object({
  raised: Type.Array(RaisedSchema, { description: "What is wrong now, oldest first" }),
  queued: Type.Integer({ description: "Alerts that some target has not got yet" }),
  targets: Type.Array(TargetSchema),
});
export type AlertsAnswer = Static<typeof AlertsAnswerSchema>;

/** `POST /api/v1/alerts/test`: sends to every target first, which takes up to 30 s. */
export const AlertsTestSchema = Type.Object({
  targets: Type.Array(
    Type.Object({
      target: Type.String(),
      kind: Type.Enum(["webhook", "mail"] as const),
      taken: Type.Boolean(),
      said: nullable("What the receiver said; null if it did not take it"),
      code: nullable("Why it was not taken, for scripts"),
      reason: nullable("The same for a person, with what to do"),
      tookMs: Type.Integer(),
    }),
  ),
});
export type AlertsTest = Static<typeof AlertsTestSchema>;
