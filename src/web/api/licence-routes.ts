import type { FastifyInstance } from "fastify";
import type { Signer } from "../../ports/keys.ts";
import type { HostClock } from "../../services/host-clock.ts";
import { licenceView } from "../../services/licence-views.ts";
import type { LicenceService } from "../../services/licences.ts";
import {
  type Install,
  InstallSchema,
  LicenceListSchema,
  LicenceRequestSchema,
  LicenceViewSchema,
} from "./schemas.ts";

export interface LicenceParts {
  readonly licences: LicenceService;
  readonly clock: HostClock;
  readonly signer: Signer;
}

/** What is installed, what a vendor needs for a licence, and installing one. */
export function addLicenceRoutes(
  app: FastifyInstance,
  { licences, clock, signer }: LicenceParts,
): void {
  app.get(
    "/api/v1/licences",
    { config: { scope: "status" }, schema: { response: { 200: LicenceListSchema } } },
    () => ({
      host: signer.thumbprint,
      licences: licences.book.licences.map((each) => licenceView(each, clock.read().nowMs)),
    }),
  );
  app.get(
    "/api/v1/licences/request",
    { config: { scope: "status" }, schema: { response: { 200: LicenceRequestSchema } } },
    () => signer.publicJwk,
  );
  app.post<{ Body: Install }>(
    "/api/v1/licences",
    {
      config: { scope: "manage", act: "install-licence" },
      schema: { body: InstallSchema, response: { 200: LicenceViewSchema } },
    },
    async ({ body: { token, addVendor } }) => {
      const { nowMs } = clock.read();
      return licenceView(await licences.install(token, { nowMs, addVendor }), nowMs);
    },
  );
}
