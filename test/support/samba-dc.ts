import { Resolver } from "node:dns/promises";
import { Daemon } from "./daemon.ts";
import { runTool } from "./debian-packages.ts";
import { until } from "./namespace.ts";

/** What a domain controller and its clients need, and the Debian packages that have it. */
export const SAMBA_PACKAGES: Readonly<Record<string, string>> = {
  samba: "samba-ad-dc",
  "samba-tool": "samba-ad-dc",
  "/usr/share/samba/setup/provision.ldif": "samba-ad-provision",
  winbindd: "winbind",
  kinit: "krb5-user",
  openssl: "openssl",
};

/** Where it keeps its state; to be empty and its own. */
export const SAMBA_FOLDERS = ["/var/lib/samba", "/var/cache/samba", "/var/log/samba", "/run/samba"];

const SERVICES = "rpc, ldap, kdc, dns, drepl, ntp_signd, kcc, cldap, winbindd";
const PASSWORD = "Only-4-this-test";

/**
 * An Active Directory domain controller by Samba, with its own DNS, which takes none but secure
 * updates. To be run in namespaces of its own.
 */
export class SambaDc {
  readonly realm = "AD.OFFICE.TEST";
  readonly domain = "ad.office.test";
  readonly hostname = "dc1.ad.office.test";
  readonly address: string;
  #daemon: Daemon | undefined;

  private constructor(address: string) {
    this.address = address;
  }

  /** A new domain; its controller serves when this resolves. @param address one of this machine's */
  static async provision(address: string): Promise<SambaDc> {
    const dc = new SambaDc(address);
    await runTool("rm", ["-f", "/etc/samba/smb.conf"]);
    await runTool("mkdir", ["-p", "/var/lib/samba/private"]);
    const options = {
      interfaces: `lo ${address}/32`,
      "bind interfaces only": "yes",
      "dns forwarder": "",
      "server services": SERVICES,
      "allow dns updates": "secure only",
    };
    const args = [
      ...["domain", "provision", "--use-rfc2307", `--realm=${dc.realm}`, "--domain=ADOFFICE"],
      ...["--server-role=dc", "--dns-backend=SAMBA_INTERNAL", `--adminpass=${PASSWORD}`],
      ...["--host-name=dc1", `--host-ip=${address}`],
      ...Object.entries(options).map(([name, value]) => `--option=${name}=${value}`),
    ];
    // It looks for its own folders from where it stands, and not every place will do.
    await runTool("samba-tool", args, { cwd: "/" });
    await makeCertificate();
    await dc.start();
    return dc;
  }

  /** Resolves once its DNS answers with its own records and its KDC takes connections. */
  async start(): Promise<void> {
    const daemon = new Daemon("samba", ["-i", "-M", "single"]);
    this.#daemon = daemon;
    const resolver = new Resolver({ timeout: 500, tries: 1 });
    resolver.setServers([this.address]);
    await until(`The domain controller's DNS (${this.address})`, async () => {
      daemon.requireRunning();
      const found = await resolver.resolveSrv(`_kerberos._udp.${this.domain}`).catch(() => []);
      return found[0];
    });
  }

  /** Neither its DNS nor its KDC answers after this. */
  async stop(): Promise<void> {
    await this.#daemon?.stop();
    this.#daemon = undefined;
  }

  /** What it wrote, for a test that failed. */
  get output(): string {
    return this.#daemon?.output ?? "";
  }

  /** `samba-tool` on the controller. */
  tool(...args: readonly string[]): Promise<string> {
    return runTool("samba-tool", args);
  }

  /** A user whose password nobody knows, and its key in a file. */
  async userWithKeytab(name: string, keytab: string): Promise<void> {
    await this.tool("user", "create", name, "--random-password");
    await this.exportKeytab(name, keytab);
  }

  async exportKeytab(name: string, keytab: string): Promise<void> {
    await this.tool("domain", "exportkeytab", keytab, `--principal=${name}@${this.realm}`);
  }
}

/** Else it makes two long keys at its first start, which takes up to half a minute. */
async function makeCertificate(): Promise<void> {
  const folder = "/var/lib/samba/private/tls";
  await runTool("mkdir", ["-p", "-m", "700", folder]);
  const files = ["-keyout", `${folder}/key.pem`, "-out", `${folder}/cert.pem`];
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  await runTool("openssl", ["req", "-x509", ...key, ...files, "-subj", "/CN=dc1", "-days", "2"]);
  await runTool("cp", [`${folder}/cert.pem`, `${folder}/ca.pem`]);
}
