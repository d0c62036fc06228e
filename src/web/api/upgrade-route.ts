import type { FastifyInstance } from "fastify";
import type { UpgradeOutcome } from "../../ports/upgrade.ts";
import type { UpgradeDesk, UpgradeStanding } from "../../services/upgrade-desk.ts";
import { fileOf, takeFiles } from "./file-body.ts";
import {
  type AcceptedPackage,
  AcceptedPackageSchema,
  type InstallPackage,
  InstallPackageSchema,
  type UpgradeAnswer,
  UpgradeSchema,
  type UploadedPackage,
  UploadedPackageSchema,
} from "./upgrade-schemas.ts";

const ACCEPTED = 202;

export interface UpgradeParts {
  readonly version: string;
  /** How the last upgrade ended; null where there was none. A new version is judged once it serves. */
  readonly outcome: () => Promise<UpgradeOutcome | null>;
  /** The version before; null where none is kept. */
  readonly kept: () => Promise<string | null>;
  /** What takes packages; undefined where the box was not started by its command. */
  readonly desk: UpgradeDesk | undefined;
}

const HOW: Readonly<Record<UpgradeStanding, string>> = {
  open:
    "Send the package with its signature here, or by kms-box upgrade install. If the new version does " +
    "not serve, the one before comes back by itself.",
  "no-key":
    "On the box, as root: apt install ./kms-box_VERSION_ARCH.deb. If the new version does not serve, " +
    "the one before comes back by itself. To send packages to the box instead, put your vendor's " +
    "public key at /etc/kms-box/upgrade.pub.jwk.",
  "no-service":
    "This box does not run as the service of an installed package, as by npm start, and cannot be " +
    "upgraded from here. Stop it where it was started, and start the other version there. An installed " +
    "one is upgraded as root: apt install ./kms-box_VERSION_ARCH.deb.",
};

/** How it stands with versions; and takes a package, which root's side verifies again and installs. */
export function addUpgradeRoutes(app: FastifyInstance, parts: UpgradeParts): void {
  const { desk } = parts;
  app.get(
    "/api/v1/upgrade",
    { config: { scope: "status" }, schema: { response: { 200: UpgradeSchema } } },
    async (): Promise<UpgradeAnswer> => {
      const standing = (await desk?.standing()) ?? "no-service";
      return {
        version: parts.version,
        kept: await parts.kept(),
        last: await parts.outcome(),
        handedOver: (await desk?.progress()) ?? null,
        byPage: standing === "open",
        how: HOW[standing],
      };
    },
  );
  if (!desk) return;
  app.register((scope, _options, done) => {
    addPackageRoute(scope, desk);
    done();
  });
  app.post<{ Body: InstallPackage }>(
    "/api/v1/upgrade",
    {
      config: { scope: "system", act: "upgrade" },
      schema: { body: InstallPackageSchema, response: { [ACCEPTED]: AcceptedPackageSchema } },
    },
    async ({ body }, reply): Promise<AcceptedPackage> => {
      const claims = await desk.install(body.upload, body.signature, body.older);
      reply.code(ACCEPTED);
      return { version: claims.version, architecture: claims.architecture };
    },
  );
}

function addPackageRoute(app: FastifyInstance, desk: UpgradeDesk): void {
  takeFiles(app);
  app.put(
    "/api/v1/upgrade/package",
    {
      config: { scope: "system", act: "upload-package", file: true },
      schema: { response: { 200: UploadedPackageSchema } },
    },
    async (request): Promise<UploadedPackage> => {
      const { body, bytes } = fileOf(request);
      return { upload: await desk.upload(body, bytes), bytes };
    },
  );
}
