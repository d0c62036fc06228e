import type { FastifyInstance } from "fastify";
import type { DnsKeys } from "../../ports/dns-keys.ts";
import { type SettingChanges, type Settings, SettingsInvalidError } from "../../ports/settings.ts";
import {
  type SettingChangesBody,
  SettingChangesSchema,
  SettingsRefusedSchema,
  SettingsSchema,
} from "./settings-schemas.ts";

export interface SettingsParts {
  readonly settings: Settings;
  readonly dnsKeys: DnsKeys;
}

/** Every option of the box, and what the administrator may change of them. */
export function addSettingsRoutes(app: FastifyInstance, { settings }: SettingsParts): void {
  app.get(
    "/api/v1/settings",
    { config: { scope: "manage" }, schema: { response: { 200: SettingsSchema } } },
    () => settings.read(),
  );
  app.patch<{ Body: SettingChangesBody }>(
    "/api/v1/settings",
    {
      config: { scope: "manage", act: "change-settings" },
      schema: {
        body: SettingChangesSchema,
        response: { 200: SettingsSchema, 409: SettingsRefusedSchema },
      },
    },
    async ({ body }, reply) => {
      try {
        return await settings.change(body.changes as SettingChanges);
      } catch (error) {
        if (!(error instanceof SettingsInvalidError)) throw error;
        const { code, message, faults } = error;
        return reply.code(409).send({ error: { code, message, faults } });
      }
    },
  );
}
