import type { FastifyInstance } from "fastify";
import type { UpgradeOutcome } from "../../ports/upgrade.ts";
import { type UpgradeAnswer, UpgradeSchema } from "./upgrade-schemas.ts";

export interface UpgradeParts {
  readonly version: string;
  /** How the last upgrade ended; null where there was none. */
  readonly outcome: UpgradeOutcome | null;
  /** The version before; null where none is kept. */
  readonly kept: () => Promise<string | null>;
}

const HOW =
  "On the box, as root: apt install ./kms-box_VERSION_ARCH.deb. If the new version does not serve, " +
  "the one before comes back by itself.";

/** How it stands with versions. The service may not install any: that needs root. */
export function addUpgradeRoute(app: FastifyInstance, parts: UpgradeParts): void {
  app.get(
    "/api/v1/upgrade",
    { config: { scope: "status" }, schema: { response: { 200: UpgradeSchema } } },
    async (): Promise<UpgradeAnswer> => {
      const { version, outcome: last } = parts;
      return { version, kept: await parts.kept(), last, byPage: false, how: HOW };
    },
  );
}
