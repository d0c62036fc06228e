import { isDeepStrictEqual } from "node:util";
import type { EventLog } from "../../ports/events.ts";
import {
  type SettingChanges,
  type SettingFault,
  type Settings,
  SettingsInvalidError,
  type SettingsKeeper,
  type SettingsView,
} from "../../ports/settings.ts";
import type { Json } from "../../ports/store.ts";
import { ConfigInvalidError, type ConfigLayer } from "../config.ts";
import { type LoadedConfig, layered } from "../load.ts";
import type { Config } from "../schema.ts";
import { describeOptions, overruledBy } from "./describe.ts";
import { withoutOwnFiles } from "./inherit.ts";
import { schemaOptions, valueAt, withValue } from "./options.ts";
import { settingsLayer } from "./read-settings.ts";
import { fixedBecause } from "./rules.ts";

export interface SettingsDeskParts {
  /** What the box was started with. */
  readonly loaded: LoadedConfig;
  /** Reads all of it anew, as the next start will. */
  readonly load: () => LoadedConfig;
  readonly keeper: SettingsKeeper;
  readonly events: Pick<EventLog, "record">;
  /** Takes a changed option into use at once. */
  readonly apply: Readonly<Partial<Record<string, (config: Config) => void>>>;
}

/** Shows the options of a running box, and changes what the administrator may. */
export class SettingsDesk implements Settings {
  readonly #parts: SettingsDeskParts;
  /** As far as what is set is in use. */
  #inUse: Config;
  /** One change after the other: each is made of what the one before has left. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(parts: SettingsDeskParts) {
    this.#parts = parts;
    this.#inUse = parts.loaded.config;
  }

  read(): SettingsView {
    const { loaded, faults } = this.#read();
    const { layers, config: next } = loaded;
    const settings = settingsLayer(loaded.settings);
    const options = describeOptions({ layers, settings, next, inUse: this.#inUse });
    const restartNeeded = options.some(({ name }) => this.#differs(name, next));
    return { options, restartNeeded, faults };
  }

  change(changes: SettingChanges): Promise<SettingsView> {
    const made = this.#turn.then(() => this.#change(changes));
    this.#turn = made.catch(() => undefined);
    return made;
  }

  async #change(changes: SettingChanges): Promise<SettingsView> {
    const loaded = this.#loadAnew();
    const refused = Object.keys(changes).flatMap((name) => this.#refusal(name, loaded));
    let values = loaded.settings;
    for (const [name, value] of Object.entries(changes)) {
      if (refused.some(({ option }) => option === name)) continue;
      const shown = valueAt(loaded.config, name);
      const given = value === null ? undefined : withoutOwnFiles(name, value, shown);
      values = withValue(values, name, given);
    }
    const next = build(loaded, settingsLayer(values), refused);
    if (!isDeepStrictEqual(values, loaded.settings)) {
      await this.#parts.keeper.write(values as { [key: string]: Json });
      this.#apply(Object.keys(changes), next);
      this.#tell(Object.keys(changes), next);
    }
    return this.read();
  }

  /** For a change nothing may be left out of what the next start reads. */
  #loadAnew(): LoadedConfig {
    let loaded: LoadedConfig;
    try {
      loaded = this.#parts.load();
    } catch (error) {
      throw asInvalid(error);
    }
    if (loaded.unusable.length === 0) return loaded;
    const why = loaded.unusable.map(faultOf);
    const fault = "what was set before fits no longer: restart the box, which sets it aside";
    throw new SettingsInvalidError([...why, { option: null, fault }]);
  }

  #read(): { readonly loaded: LoadedConfig; readonly faults: readonly string[] } {
    try {
      const loaded = this.#parts.load();
      return { loaded, faults: loaded.unusable };
    } catch (error) {
      if (!(error instanceof ConfigInvalidError)) throw error;
      return { loaded: this.#parts.loaded, faults: error.faults };
    }
  }

  #refusal(name: string, { layers }: LoadedConfig): SettingFault[] {
    const refuse = (fault: string) => [{ option: name, fault: `${name}: ${fault}` }];
    if (!schemaOptions().has(name)) return refuse("there is no such option");
    const above = layers.above.findLast(({ values }) => valueAt(values, name) !== undefined);
    const reason = fixedBecause(name, layers.below) ?? overruledBy(above?.origin ?? "settings");
    return reason === null ? [] : refuse(reason);
  }

  #differs(name: string, next: Config): boolean {
    return !isDeepStrictEqual(valueAt(next, name), valueAt(this.#inUse, name));
  }

  #apply(names: readonly string[], next: Config): void {
    for (const name of names) {
      const apply = this.#parts.apply[name];
      if (!apply) continue;
      apply(next);
      this.#inUse = withValue(this.#inUse, name, valueAt(next, name)) as Config;
    }
  }

  #tell(names: readonly string[], next: Config): void {
    const waiting = names.some((name) => this.#differs(name, next));
    const when = waiting ? "in use after the next start" : "in use";
    const options = names.join(", ");
    this.#parts.events.record("settings-changed", `Settings were changed, ${when}: ${options}.`, {
      options,
      restartNeeded: waiting,
    });
  }
}

/** @param refused what is wrong already, to be told with the rest */
function build(
  { layers }: LoadedConfig,
  settings: ConfigLayer,
  refused: readonly SettingFault[],
): Config {
  let next: Config;
  try {
    next = layered(layers, settings);
  } catch (error) {
    throw asInvalid(error, refused);
  }
  if (refused.length > 0) throw new SettingsInvalidError(refused);
  return next;
}

function asInvalid(error: unknown, refused: readonly SettingFault[] = []): unknown {
  if (!(error instanceof ConfigInvalidError)) return error;
  return new SettingsInvalidError([...refused, ...error.faults.map(faultOf)]);
}

/** What was given needs no place; where something else is wrong, it is named. */
function faultOf(text: string): SettingFault {
  const fault = text.replace(/^settings: /, "");
  const names = [...schemaOptions().keys()].filter((name) => fault.startsWith(name));
  const longest = names.toSorted((a, b) => b.length - a.length)[0];
  return { option: longest ?? null, fault };
}
