import { CLOCK_AUTHORITIES } from "../../domain/clock.ts";
import { type Static, Type } from "../../protocol/typebox.ts";

const time = (description: string) =>
  Type.Union([Type.String(), Type.Null()], { description: `ISO 8601: ${description}` });

const ClockSourceSchema = Type.Object({
  name: Type.String({ description: "Such as timesyncd, chrony, kernel, rtc, administrator" }),
  authority: Type.Enum(CLOCK_AUTHORITIES),
  trusted: Type.Boolean(),
  detail: Type.String({ description: "What vouches for the clock, or why this does not" }),
  ageSeconds: Type.Union([Type.Integer(), Type.Null()], {
    description: "Since it last set or checked the clock",
  }),
});

/** `GET /api/v1/clock`, `POST /api/v1/clock/trust`, `POST /api/v1/clock/set` */
export const ClockSchema = Type.Object({
  time: Type.String({ description: "ISO 8601, by the machine's clock" }),
  trusted: Type.Boolean(),
  verdict: Type.Enum(["good", "unvouched", "behind", "ahead"] as const),
  detail: Type.String({
    description: "What vouches for it, or why it is not trusted and what to do",
  }),
  mark: time("the latest time known from flash"),
  expected: time("what the clock should say at most if the machine was not switched off"),
  confirmed: time("when NTP will have confirmed a time that was not expected"),
  lastStep: Type.Union(
    [
      Type.Object({
        from: Type.String(),
        to: Type.String(),
        seconds: Type.Integer({ description: "Negative if it was set back" }),
      }),
      Type.Null(),
    ],
    { description: "The last jump since the service was started" },
  ),
  sources: Type.Array(ClockSourceSchema),
});
export type ClockAnswer = Static<typeof ClockSchema>;

const yes = Type.Boolean({
  default: false,
  description: "Whether what else it changes was considered",
});

export const ClockTrustSchema = Type.Object({ yes }, { additionalProperties: false });
export type ClockTrustBody = Static<typeof ClockTrustSchema>;

export const ClockSetSchema = Type.Object(
  {
    time: Type.String({
      pattern: "^2\\d{3}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,3})?Z$",
      description: "ISO 8601 in UTC, such as 2030-01-31T14:05:00Z",
    }),
    yes,
  },
  { additionalProperties: false },
);
export type ClockSetBody = Static<typeof ClockSetSchema>;
