import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { Resolver } from "node:dns/promises";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { SrvRecord } from "../../src/domain/srv-selection.ts";
import { ensurePackages, PATH, runTool } from "./debian-packages.ts";
import { freePort } from "./free-port.ts";

/** May change everything: stands for the administrator. */
const ADMIN = "admin";
/** What it needs, and the Debian packages that have it. */
export const BIND_PACKAGES: Readonly<Record<string, string>> = {
  named: "bind9",
  "tsig-keygen": "bind9",
  nsupdate: "bind9-dnsutils",
  dig: "bind9-dnsutils",
};

export interface BindZone {
  readonly domain: string;
  /** Lines of `update-policy`, such as `grant kms-updater zonesub ANY`. */
  readonly grants: readonly string[];
  /** Further lines of the zone's file. */
  readonly records?: readonly string[];
}

export interface BindOptions {
  readonly zones: readonly BindZone[];
  /** Names of TSIG keys, each in a file of its own. */
  readonly keys: readonly string[];
  /** Further keys with secrets of one's choice, by name. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Further statements of `options`, such as `tkey-gssapi-keytab "/etc/dns.keytab"`. */
  readonly options?: readonly string[];
  /** 127.0.0.1 unless told otherwise. */
  readonly address?: string;
  /** A free one unless told otherwise. */
  readonly port?: number;
  /** What the command lines of its programs begin with, to run it elsewhere than in this machine. */
  readonly within?: readonly string[];
}

/** A real name server on loopback, with zones that take dynamic updates. */
export class Bind {
  readonly folder: string;
  readonly ip: string;
  readonly port: number;
  readonly #within: readonly string[];
  #named: ChildProcessWithoutNullStreams | undefined;
  #log = "";

  private constructor(folder: string, ip: string, port: number, within: readonly string[]) {
    this.folder = folder;
    this.ip = ip;
    this.port = port;
    this.#within = within;
  }

  /** Installs what is missing, where that is allowed, and resolves once the server answers. */
  static async start(options: BindOptions): Promise<Bind> {
    await ensurePackages(BIND_PACKAGES);
    const folder = await mkdtemp(join(tmpdir(), "kms-box-bind-"));
    const { address = "127.0.0.1", port = await freePort(), within = [] } = options;
    const bind = new Bind(folder, address, port, within);
    for (const key of [ADMIN, ...options.keys]) await bind.#makeKey(key);
    for (const [name, secret] of Object.entries(options.secrets ?? {})) {
      await bind.#keepKey(name, `key "${name}" { algorithm hmac-sha256; secret "${secret}"; };`);
    }
    for (const zone of options.zones)
      await writeFile(bind.#zoneFile(zone), zoneText(zone, address));
    await writeFile(join(folder, "named.conf"), bind.#configuration(options));
    await bind.serve();
    return bind;
  }

  /** `ADDRESS:PORT` */
  get address(): string {
    return `${this.ip}:${this.port}`;
  }

  keyFile(name: string): string {
    return join(this.folder, `${name}.key`);
  }

  /** Begins to answer, with the zones as they were left. */
  async serve(): Promise<void> {
    const args = ["-g", "-c", join(this.folder, "named.conf")];
    const [program = "", ...rest] = [...this.#within, "named", ...args];
    const named = spawn(program, rest, { env: { ...process.env, PATH } });
    this.#named = named;
    const kill = () => named.kill("SIGKILL");
    process.once("exit", kill);
    named.once("exit", () => process.off("exit", kill));
    let running = false;
    named.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#log += text;
      running ||= /\brunning$/m.test(this.#log);
    });
    this.#log = "";
    while (!running) {
      if (named.exitCode !== null) throw new Error(`named ended: ${this.#log}`);
      await sleep(20);
    }
  }

  /** Ends the server; its zones stay. */
  async quit(): Promise<void> {
    const named = this.#named;
    this.#named = undefined;
    if (!named || named.exitCode !== null) return;
    named.kill("SIGTERM");
    await once(named, "exit");
  }

  /** Ends it for good. */
  async stop(): Promise<void> {
    await this.quit();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** What the server logged since it began to answer, for a test that failed. */
  get log(): string {
    return this.#log;
  }

  /** Updates as the administrator, who may change everything: lines of nsupdate. */
  async administer(zone: string, ...lines: readonly string[]): Promise<void> {
    const script = [
      `server ${this.ip} ${this.port}`,
      `zone ${zone}.`,
      "check-names no",
      ...lines,
      "send",
      "",
    ];
    const path = join(this.folder, "administer.txt");
    await writeFile(path, script.join("\n"));
    const [program, ...rest] = [...this.#within, "nsupdate", "-k", this.keyFile(ADMIN), path];
    await runTool(program, rest);
  }

  /** Its SRV records as a client's resolver finds them, those of the lowest priority first. */
  async srv(name: string): Promise<SrvRecord[]> {
    const found = await orNone(() => this.#resolver().resolveSrv(name));
    return found
      .map(({ name: target, priority, weight, port }) => ({ target, port, priority, weight }))
      .sort(
        (a, b) => a.priority - b.priority || a.target.localeCompare(b.target) || a.port - b.port,
      );
  }

  async addresses(name: string): Promise<string[]> {
    const v4 = await orNone(() => this.#resolver().resolve4(name));
    const v6 = await orNone(() => this.#resolver().resolve6(name));
    return [v4, v6].flatMap((each) => each.toSorted((a, b) => a.localeCompare(b)));
  }

  #resolver(): Resolver {
    const resolver = new Resolver({ timeout: 2000, tries: 1 });
    resolver.setServers([this.address]);
    return resolver;
  }

  async #makeKey(name: string): Promise<void> {
    await this.#keepKey(name, await runTool("tsig-keygen", ["-a", "hmac-sha256", name]));
  }

  async #keepKey(name: string, text: string): Promise<void> {
    await writeFile(this.keyFile(name), text);
    await chmod(this.keyFile(name), 0o600);
  }

  #zoneFile({ domain }: BindZone): string {
    return join(this.folder, `${domain}.zone`);
  }

  #configuration({ zones, keys, secrets = {}, options = [] }: BindOptions): string {
    return [
      ...[ADMIN, ...keys, ...Object.keys(secrets)].map((key) => `include "${this.keyFile(key)}";`),
      `options { directory "${this.folder}"; listen-on port ${this.port} { ${this.ip}; };`,
      "  listen-on-v6 { none; }; recursion no; dnssec-validation no; pid-file none;",
      "  session-keyfile none; notify no;",
      ...options.map((each) => `  ${each};`),
      "};",
      "controls { };",
      ...zones.flatMap((zone) => [
        `zone "${zone.domain}" { type primary; check-names ignore; file "${this.#zoneFile(zone)}";`,
        `  update-policy { grant ${ADMIN} zonesub ANY; ${zone.grants.map((each) => `${each}; `).join("")}}; };`,
      ]),
      "",
    ].join("\n");
  }
}

function zoneText({ domain, records = [] }: BindZone, address: string): string {
  const start = [
    "$TTL 300",
    `@ SOA ns.${domain}. hostmaster.${domain}. 1 3600 600 86400 5`,
    `@ NS ns.${domain}.`,
    `ns A ${address}`,
  ];
  return `${[...start, ...records].join("\n")}\n`;
}

async function orNone<T>(look: () => Promise<T[]>): Promise<T[]> {
  try {
    return await look();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOTFOUND" || code === "ENODATA") return [];
    throw error;
  }
}
