import { SETTING_SOURCES } from "../../ports/settings.ts";
import { type Static, Type } from "../../protocol/typebox.ts";

const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(
  type: T,
  description: string,
) => Type.Union([type, Type.Null()], { description });

const SettingSchema = Type.Object({
  name: Type.String({ description: "Such as dns.ttlSeconds" }),
  value: Type.Unknown({ description: "What the next start uses; null for a secret" }),
  inUse: Type.Unknown({ description: "What is in use now; null for a secret" }),
  default: Type.Unknown(),
  source: Type.Enum(SETTING_SOURCES, {
    description: "What sets it; command: what the command differs in from a box in an office",
  }),
  place: nullable(Type.String(), "The file that sets it, where one does"),
  type: Type.Enum(["boolean", "integer", "string", "list"] as const),
  minimum: nullable(Type.Integer(), "Smallest value"),
  maximum: nullable(Type.Integer(), "Largest value"),
  choices: nullable(Type.Array(Type.Union([Type.String(), Type.Integer()])), "All that it may be"),
  description: Type.String(),
  fixed: nullable(Type.String(), "Why it cannot be changed here; null if it can"),
});

/** `GET /api/v1/settings`, `PATCH /api/v1/settings` */
export const SettingsSchema = Type.Object({
  options: Type.Array(SettingSchema),
  restartNeeded: Type.Boolean({ description: "Whether what is set waits for the next start" }),
  faults: Type.Array(Type.String(), {
    description: "Why the next start would fail or leave it out",
  }),
});
export type SettingsAnswer = Static<typeof SettingsSchema>;

/** Body of `PATCH /api/v1/settings` */
export const SettingChangesSchema = Type.Object(
  {
    changes: Type.Record(Type.String({ maxLength: 100 }), Type.Unknown(), {
      description: "Values by the options' names; null removes what was set here",
      maxProperties: 200,
    }),
  },
  { additionalProperties: false },
);
export type SettingChangesBody = Static<typeof SettingChangesSchema>;

/** A `PATCH` that was refused: `settings-invalid` with all that is wrong. */
export const SettingsRefusedSchema = Type.Object({
  error: Type.Object({
    code: Type.String(),
    message: Type.String(),
    faults: Type.Optional(
      Type.Array(Type.Object({ option: nullable(Type.String(), ""), fault: Type.String() })),
    ),
  }),
});
