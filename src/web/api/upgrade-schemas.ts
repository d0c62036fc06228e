import { UPGRADE_ENDINGS } from "../../ports/upgrade.ts";
import { type Static, Type } from "../../protocol/typebox.ts";

/** `GET /api/v1/upgrade` */
export const UpgradeSchema = Type.Object({
  version: Type.String({ description: "The one that runs" }),
  kept: Type.Union([Type.String(), Type.Null()], {
    description: "The version before, which the box goes back to by itself",
  }),
  last: Type.Union(
    [
      Type.Object({
        outcome: Type.Enum(UPGRADE_ENDINGS),
        from: Type.String(),
        to: Type.String(),
        reason: Type.String({ description: "Why it was no success; empty if it was" }),
        at: Type.String({ description: "ISO 8601" }),
      }),
      Type.Null(),
    ],
    { description: "How the last upgrade of the package ended" },
  ),
  byPage: Type.Boolean({ description: "Whether a package may be sent to the box" }),
  how: Type.String({ description: "What to do for an upgrade, for a person" }),
});
export type UpgradeAnswer = Static<typeof UpgradeSchema>;
