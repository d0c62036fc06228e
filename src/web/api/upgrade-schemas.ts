import { UPGRADE_ENDINGS, UPGRADE_STATES } from "../../ports/upgrade.ts";
import { LONGEST_PACKAGE_SIGNATURE } from "../../protocol/schemas.ts";
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
  handedOver: Type.Union(
    [
      Type.Object({
        state: Type.Enum(UPGRADE_STATES),
        version: Type.String({ description: "Empty while it is not known" }),
        reason: Type.String({ description: "Why it was refused or failed; else empty" }),
        at: Type.String({ description: "ISO 8601" }),
      }),
      Type.Null(),
    ],
    { description: "What became of the last package that was sent since the machine started" },
  ),
  byPage: Type.Boolean({ description: "Whether a package may be sent to the box" }),
  how: Type.String({ description: "What to do for an upgrade, for a person" }),
});
export type UpgradeAnswer = Static<typeof UpgradeSchema>;

/** `PUT /api/v1/upgrade/package`, whose body is the file. */
export const UploadedPackageSchema = Type.Object({
  upload: Type.String({ description: "What names the file in the next step" }),
  bytes: Type.Integer(),
});
export type UploadedPackage = Static<typeof UploadedPackageSchema>;

/** Body of `POST /api/v1/upgrade` */
export const InstallPackageSchema = Type.Object(
  {
    upload: Type.String({
      pattern: "^[0-9a-f]{32}$",
      description: "As the answer to the upload names it",
    }),
    signature: Type.String({
      minLength: 1,
      maxLength: LONGEST_PACKAGE_SIGNATURE,
      pattern: "^[A-Za-z0-9_.-]+\\s*$",
      description: "As kms-vendor package sign writes it",
    }),
    older: Type.Boolean({
      default: false,
      description: "Whether the version in use, or an older one, may be installed",
    }),
  },
  { additionalProperties: false },
);
export type InstallPackage = Static<typeof InstallPackageSchema>;

/** Answer to `POST /api/v1/upgrade`: the package is verified once more, then installed. */
export const AcceptedPackageSchema = Type.Object({
  version: Type.String(),
  architecture: Type.String(),
});
export type AcceptedPackage = Static<typeof AcceptedPackageSchema>;
