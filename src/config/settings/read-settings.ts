import { accessSync, constants } from "node:fs";
import { join } from "node:path";
import { SETTINGS_FILE } from "../../ports/settings.ts";
import type { ConfigLayer } from "../config.ts";
import { readConfigFile } from "../files.ts";

/**
 * What the administrator set while the box ran; undefined if nothing, or if the file is not for this
 * user to read, as with a command of somebody who is not the box's user.
 */
export function readSettingsLayer(folder: string): ConfigLayer | undefined {
  const path = join(folder, SETTINGS_FILE);
  try {
    accessSync(path, constants.R_OK);
  } catch {
    return undefined;
  }
  const { values, fault } = readConfigFile(path);
  return settingsLayer(values, fault);
}

/** Values as a layer of the configuration. */
export function settingsLayer(values: ConfigLayer["values"], fault?: string): ConfigLayer {
  const layer = { source: "settings", origin: "settings", values } as const;
  return fault === undefined ? layer : { ...layer, fault };
}
