import type { FastifyInstance } from "fastify";
import type { UpgradeOutcome } from "../../ports/upgrade.ts";
import type { UpgradeDesk } from "../../services/upgrade-desk.ts";
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
  /** How the last upgrade ended; null where there was none. */
  readonly outcome: UpgradeOutcome | null;
  /** The version before; null where none is kept. */
  readonly kept: () => Promise<string | null>;
  /** What takes packages; undefined where the box was not started by its command. */
  readonly desk: UpgradeDesk | undefined;
}

const BY_HAND =
  "On the box, as root: apt install ./kms-box_VERSION_ARCH.deb. If the new version does not serve, " +
  "the one before comes back by itself.";
const SENT =
  "Send the package with its signature here, or by kms-box upgrade install. If the new version does " +
  "not serve, the one before comes back by itself.";
const NOT_SET_UP =
  " To send packages to the box instead, put your vendor's public key at /etc/kms-box/upgrade.pub.jwk.";

/** How it stands with versions; and takes a package, which root's side verifies again and installs. */
export function addUpgradeRoutes(app: FastifyInstance, parts: UpgradeParts): void {
  const { desk } = parts;
  app.get(
    "/api/v1/upgrade",
    { config: { scope: "status" }, schema: { response: { 200: UpgradeSchema } } },
    async (): Promise<UpgradeAnswer> => {
      const { version, outcome: last } = parts;
      const byPage = (await desk?.isOpen()) ?? false;
      const handedOver = (await desk?.progress()) ?? null;
      const how = byPage ? SENT : BY_HAND + NOT_SET_UP;
      return { version, kept: await parts.kept(), last, handedOver, byPage, how };
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
      config: { scope: "system", act: "upload-package" },
      schema: { response: { 200: UploadedPackageSchema } },
    },
    async (request): Promise<UploadedPackage> => {
      const { body, bytes } = fileOf(request);
      return { upload: await desk.upload(body, bytes), bytes };
    },
  );
}
