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
      reply.actTarget = namesOf(body.changes);
      try {
        return await settings.change(body.changes as SettingChanges);
      } catch (error) {
        if (!(error instanceof SettingsInvalidError)) throw error;
        const { code, message, faults } = error;
        reply.refusal = code;
        return reply.code(409).send({ error: { code, message, faults } });
      }
    },
  );
}

/** Characters of the audit log that one change takes at most. */
const LONGEST_TARGET = 200;

/** What was to be changed, without the values. */
function namesOf(changes: SettingChangesBody["changes"]): string {
  const names = Object.keys(changes)
    .join(", ")
    .replace(/[^\w., -]/g, "?");
  return names.slice(0, LONGEST_TARGET);
}
