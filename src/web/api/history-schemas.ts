import { RANGES } from "../../domain/history/tiers.ts";
import { type Static, Type } from "../../protocol/typebox.ts";

/** `GET /api/v1/history?range=…` and `GET /history.json?range=…` */
export const HistoryQuerySchema = Type.Object(
  { range: Type.Enum(RANGES, { default: "24h" }) },
  { additionalProperties: false },
);
export type HistoryQuery = Static<typeof HistoryQuerySchema>;

export const HistorySchema = Type.Object({
  range: Type.Enum(RANGES),
  time: Type.Integer({ description: "NumericDate" }),
  applications: Type.Array(
    Type.Object({
      application: Type.String(),
      products: Type.Array(Type.Object({ name: Type.String(), threshold: Type.Integer() })),
      parts: Type.Array(
        Type.Object({
          bucketSeconds: Type.Integer(),
          runs: Type.Array(Type.Array(Type.Integer(), { minItems: 6, maxItems: 6 }), {
            description:
              "Buckets that follow each other and are alike: number of the first, counted in " +
              "buckets since 1970, how many, least, most and last count, and 1 if all was activated",
          }),
        }),
        { description: "Oldest first; a stretch that nothing is known of has no bucket" },
      ),
    }),
  ),
});
export type HistoryAnswer = Static<typeof HistorySchema>;
