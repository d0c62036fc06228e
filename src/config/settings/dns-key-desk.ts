import { existsSync } from "node:fs";
import { join } from "node:path";
import { isHostName, isSameName, plainName } from "../../domain/dns-names.ts";
import {
  type DnsKeyChange,
  DnsKeyRefusedError,
  type DnsKeys,
  type TsigKey,
} from "../../ports/dns-keys.ts";
import type { EventLog } from "../../ports/events.ts";
import { dnsKeyFile, type Settings } from "../../ports/settings.ts";
import type { LoadedConfig } from "../load.ts";

export interface DnsKeyDeskParts {
  /** Reads the configuration anew, as the next start will. */
  readonly load: () => LoadedConfig;
  readonly files: {
    put(name: string, text: string): Promise<void>;
    remove(name: string): Promise<void>;
  };
  readonly settings: Pick<Settings, "read">;
  readonly events: Pick<EventLog, "record">;
}

/** Keeps the keys of domains in files of the state folder, in the form of tsig-keygen. */
export class DnsKeyDesk implements DnsKeys {
  readonly #parts: DnsKeyDeskParts;

  constructor(parts: DnsKeyDeskParts) {
    this.#parts = parts;
  }

  async put(given: string, { name, algorithm, secret }: TsigKey): Promise<DnsKeyChange> {
    const domain = plainName(given);
    const found = this.#domains().find((each) => isSameName(each.domain, domain));
    if (!found) {
      throw new DnsKeyRefusedError(
        `${given} is none of dns.domains. Add it there first, then give its key.`,
      );
    }
    if (found.keytab !== undefined) {
      throw new DnsKeyRefusedError(
        `Updates of ${given} are signed by the keytab that the configuration file names. Take that ` +
          "away there first.",
      );
    }
    const text = `key "${name}" {\n\talgorithm ${algorithm};\n\tsecret "${secret}";\n};\n`;
    await this.#parts.files.put(dnsKeyFile(domain), text);
    return this.#changed(domain, `key ${name}`);
  }

  async remove(given: string): Promise<DnsKeyChange> {
    const domain = plainName(given);
    const { config } = this.#parts.load();
    if (!isHostName(domain) || !existsSync(join(config.data, dnsKeyFile(domain)))) {
      throw new DnsKeyRefusedError(`There is no key of ${given} that was given here.`);
    }
    await this.#parts.files.remove(dnsKeyFile(domain));
    return this.#changed(domain, "key removed");
  }

  #domains(): LoadedConfig["config"]["dns"]["domains"] {
    return this.#parts.load().config.dns.domains;
  }

  /** A key in the place of another one is used with the next update. */
  #changed(domain: string, what: string): DnsKeyChange {
    const { restartNeeded } = this.#parts.settings.read();
    const options = `dns.domains: ${what} of ${domain}`;
    this.#parts.events.record("settings-changed", `Settings were changed: ${options}.`, {
      options,
      restartNeeded,
    });
    return { domain, restartNeeded };
  }
}
