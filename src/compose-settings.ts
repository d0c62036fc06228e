import { join } from "node:path";
import type { Logger } from "pino";
import { FlashSettings } from "./adapters/flash/settings-file.ts";
import type { LoadedConfig } from "./config/load.ts";
import { DnsKeyDesk } from "./config/settings/dns-key-desk.ts";
import { SettingsDesk } from "./config/settings/settings-desk.ts";
import type { EventLog } from "./ports/events.ts";
import { UNUSABLE_SETTINGS_FILE } from "./ports/settings.ts";
import type { SettingsParts } from "./web/api/settings-routes.ts";

/** What a box was started with, and how that is read anew. */
export interface Loading {
  readonly loaded: LoadedConfig;
  readonly load: () => LoadedConfig;
}

export interface SettingsWiring extends Loading {
  readonly events: EventLog;
  readonly logger: Logger;
}

/** What the administrator sets, once the state folder is this process's own. */
export async function composeSettings({
  loaded,
  load,
  events,
  logger,
}: SettingsWiring): Promise<SettingsParts> {
  const keeper = new FlashSettings(loaded.config.data);
  if (loaded.unusable.length > 0) await setAside(keeper, loaded, events);
  const apply = {
    "log.level": ({ log }: LoadedConfig["config"]) => {
      logger.level = log.level;
    },
  };
  const settings = new SettingsDesk({ loaded, load, keeper, events, apply });
  const dnsKeys = new DnsKeyDesk({ load, files: keeper, settings, events });
  return { settings, dnsKeys };
}

/** The box starts without them, whether or not the medium lets them be moved. */
async function setAside(
  keeper: FlashSettings,
  { config, unusable }: LoadedConfig,
  events: EventLog,
): Promise<void> {
  await keeper.setAside().catch(() => undefined);
  const file = join(config.data, UNUSABLE_SETTINGS_FILE);
  const faults = unusable.join("; ");
  events.record(
    "settings-unusable",
    `What was set while the box ran cannot be used and is left out: ${faults}. It is kept in ` +
      `${file}; set anew what of it is wanted.`,
    { faults, file },
  );
}
