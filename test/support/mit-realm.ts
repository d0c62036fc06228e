import { mkdtemp, writeFile } from "node:fs/promises";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Daemon } from "./daemon.ts";
import { runTool } from "./debian-packages.ts";
import { until } from "./namespace.ts";

/** What a KDC of MIT Kerberos needs, and the Debian packages that have it. */
export const MIT_PACKAGES: Readonly<Record<string, string>> = {
  krb5kdc: "krb5-kdc",
  kdb5_util: "krb5-kdc",
  "kadmin.local": "krb5-admin-server",
};

const KERBEROS_PORT = 88;

/** A Kerberos realm by MIT's KDC. To be run in namespaces of its own, where it is root. */
export class MitRealm {
  readonly realm: string;
  readonly address: string;
  readonly #env: Record<string, string>;
  #daemon: Daemon | undefined;

  private constructor(realm: string, address: string, folder: string) {
    this.realm = realm;
    this.address = address;
    this.#env = { KRB5_KDC_PROFILE: join(folder, "kdc.conf") };
  }

  /** A new realm; its KDC answers when this resolves. @param address one of this machine's */
  static async create(realm: string, address: string): Promise<MitRealm> {
    const folder = await mkdtemp(join(tmpdir(), "kdc-"));
    const mit = new MitRealm(realm, address, folder);
    const settings = [
      `database_name = ${folder}/principal`,
      `key_stash_file = ${folder}/stash`,
      `kdc_listen = ${address}:${KERBEROS_PORT}`,
      `kdc_tcp_listen = ${address}:${KERBEROS_PORT}`,
    ];
    await writeFile(
      join(folder, "kdc.conf"),
      `[realms]\n  ${realm} = {\n    ${settings.join("\n    ")}\n  }\n`,
    );
    const env = mit.#env;
    await runTool("kdb5_util", ["-r", realm, "create", "-s", "-P", "for-this-test"], { env });
    await mit.start();
    return mit;
  }

  /** A principal with a random key, which is put into the file. */
  async principalWithKeytab(principal: string, keytab: string): Promise<void> {
    await this.#admin("addprinc", "-randkey", principal);
    await this.#admin("ktadd", "-k", keytab, principal);
  }

  async start(): Promise<void> {
    const daemon = new Daemon("krb5kdc", ["-n", "-r", this.realm], this.#env);
    this.#daemon = daemon;
    await until(`The KDC (${this.address})`, async () => {
      daemon.requireRunning();
      return (await isOpen(this.address)) || undefined;
    });
  }

  async stop(): Promise<void> {
    await this.#daemon?.stop();
    this.#daemon = undefined;
  }

  #admin(...query: readonly string[]): Promise<string> {
    return runTool("kadmin.local", ["-r", this.realm, ...query], { env: this.#env });
  }
}

function isOpen(host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port: KERBEROS_PORT }, () => end(true));
    const end = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once("error", () => end(false));
  });
}
