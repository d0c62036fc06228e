import { EXPLAINED_STATES } from "../../domain/insight/explain.ts";
import { type Static, Type } from "../../protocol/typebox.ts";

const nullableTime = (description: string) =>
  Type.Union([Type.String(), Type.Null()], { description: `ISO 8601: ${description}` });
const whole = (description: string) => Type.Integer({ minimum: 0, description });

const MachineSchema = Type.Object({ cmid: Type.String(), hostname: Type.String() });

const LeaverSchema = Type.Object({
  cmid: Type.String(),
  hostname: Type.String(),
  lastContact: Type.String({ description: "ISO 8601" }),
  leaves: Type.String({ description: "ISO 8601: when it is discarded" }),
});

const ForecastProductSchema = Type.Object({
  product: Type.String(),
  name: Type.String(),
  application: Type.String(),
  threshold: whole("From it on the product is activated"),
  countNow: whole("Distinct CMIDs that count now"),
  leaving: whole("Those of them that are expected to leave"),
  days: Type.Array(Type.Integer(), { description: "The count in 0, 1, … 30 days" }),
  lowest: whole("The smallest count ahead"),
  fallsBelow: nullableTime("when the count falls below the threshold; null if it does not"),
  absent: whole("How many leave until then"),
  machines: Type.Array(LeaverSchema, { description: "The first of these to leave, at most 100" }),
});

/** `GET /api/v1/forecast?without=HOST,HOST&ifNobodyReturns=true` */
export const ForecastQuerySchema = Type.Object(
  {
    without: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 8192,
        description: "Machines that are to be retired: host names or CMIDs, with commas between",
      }),
    ),
    ifNobodyReturns: Type.Boolean({
      default: false,
      description: "The worst case: no machine at all comes again",
    }),
  },
  { additionalProperties: false },
);
export type ForecastQuery = Static<typeof ForecastQuerySchema>;

export const ForecastSchema = Type.Object({
  time: Type.String({ description: "ISO 8601: now, by the host's clock" }),
  clockTrusted: Type.Boolean(),
  overdue: whole("Machines that were not heard of for too long and still count"),
  retired: Type.Array(Type.Object({ name: Type.String(), machines: Type.Array(MachineSchema) }), {
    description: "Whom each name of `without` means",
  }),
  safe: Type.Boolean({ description: "Whether no product's count is or falls below its threshold" }),
  products: Type.Array(ForecastProductSchema),
});
export type ForecastAnswer = Static<typeof ForecastSchema>;

/** `GET /api/v1/explain?machine=NAME-OR-CMID&product=` */
export const ExplainQuerySchema = Type.Object(
  {
    machine: Type.String({ minLength: 1, maxLength: 255, description: "Host name or CMID" }),
    product: Type.Optional(
      Type.String({ minLength: 1, maxLength: 128, description: "Id or name of the only one" }),
    ),
  },
  { additionalProperties: false },
);
export type ExplainQuery = Static<typeof ExplainQuerySchema>;

export const ExplainSchema = Type.Object({
  machine: Type.String({ description: "As it was asked for" }),
  explanations: Type.Array(
    Type.Object({
      cmid: Type.Union([Type.String(), Type.Null()], { description: "Null if it is not known" }),
      hostname: Type.String(),
      product: Type.Union([Type.String(), Type.Null()]),
      activated: Type.Boolean(),
      state: Type.Enum(EXPLAINED_STATES),
      sentence: Type.String({ description: "For a person" }),
    }),
    { description: "One for each product of each machine of the name" },
  ),
});
export type ExplainAnswer = Static<typeof ExplainSchema>;

/** `GET /api/v1/clones` */
export const ClonesSchema = Type.Object({
  clones: Type.Array(
    Type.Object({
      cmid: Type.String(),
      evidence: Type.Enum(["alternation", "overlap"] as const, {
        description: "One came back after another; or came too soon after it to replace it",
      }),
      active: Type.Boolean({ description: "Whether at least two of them go on asking" }),
      uncounted: whole("Machines that do not count because of it"),
      machines: Type.Array(
        Type.Object({
          hostname: Type.String(),
          fingerprint: Type.String({ description: "Salted hash of the machine's identifiers" }),
          firstSeen: Type.String({ description: "ISO 8601" }),
          lastSeen: Type.String({ description: "ISO 8601" }),
          returns: whole("How often it came back after another had come"),
        }),
      ),
      remedy: Type.String({ description: "For a person" }),
    }),
  ),
});
export type ClonesAnswer = Static<typeof ClonesSchema>;

/** `GET /api/v1/calendar?format=json|csv|ics` */
export const CalendarQuerySchema = Type.Object(
  { format: Type.Enum(["json", "csv", "ics"] as const, { default: "json" }) },
  { additionalProperties: false },
);
export type CalendarQuery = Static<typeof CalendarQuerySchema>;

export const CalendarSchema = Type.Object({
  total: whole("Also of those that are not told"),
  lapses: Type.Array(
    Type.Object({
      cmid: Type.String(),
      hostname: Type.String(),
      product: Type.String(),
      lastContact: Type.String({ description: "ISO 8601" }),
      lapses: Type.String({ description: "ISO 8601: the end of its activation" }),
      counts: Type.Boolean({ description: "False once it is discarded" }),
    }),
    { description: "Activated machines that have not come back, the first to lapse first" },
  ),
});
export type CalendarAnswer = Static<typeof CalendarSchema>;
