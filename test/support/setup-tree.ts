import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";

export const SECRET = "pRP5FapFoJ95JEL06sv4PQ+pRP5FapFoJ95JEL06sv4=";
export const OTHER_SECRET = "bm90IHRoZSBzYW1lIHNlY3JldCBhcyBiZWZvcmUhIQ==";
export const KEY_PATH = "/etc/kms-box/keys/office.example.key";

/** A line of an Ed25519 public key as OpenSSH writes it. */
export function sshKey(comment = "alice@pc", byte = 7): string {
  const part = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const blob = Buffer.concat([part(Buffer.from("ssh-ed25519")), part(Buffer.alloc(32, byte))]);
  return `ssh-ed25519 ${blob.toString("base64")} ${comment}`.trim();
}

/** A setup file that says everything but a licence. */
export function wholeSetup() {
  return {
    hostName: "kms",
    network: {
      interface: "eth0",
      ipv4: { address: "192.0.2.10/24", gateway: "192.0.2.1" },
      ipv6: { address: "2001:db8::10/64", gateway: "fe80::1" },
      dnsServers: ["192.0.2.1", "2001:db8::1"],
      searchDomains: ["office.example"],
    },
    ntpServers: ["ntp.office.example", "192.0.2.1"],
    dnsDomains: [
      {
        domain: "office.example",
        server: "192.0.2.1",
        tsigKey: { name: "kms-updater", algorithm: "hmac-sha256", secret: SECRET },
      },
    ],
    administrator: { sshKeys: [sshKey()] },
    settings: { display: { controller: "sh1106" } },
  };
}

/** The files of a system and of its boot partition, below a temporary folder. */
export class SetupTree {
  readonly root = mkdtempSync(join(tmpdir(), "kms-box-setup-"));
  readonly boot = join(this.root, "boot/firmware");

  constructor() {
    this.put("/etc/group", "root:x:0:\nkms-box:x:991:\n");
    this.put("/etc/hostname", "raspberrypi\n");
    this.put("/etc/hosts", "127.0.0.1\tlocalhost\n127.0.1.1\traspberrypi\n");
    this.put("/etc/passwd", "root:x:0:0::/root:/bin/sh\nalice:x:1000:1000::/home/alice:/bin/sh\n");
    this.put("/etc/kms-box/config.json", '{"data": "/var/lib/kms-box"}\n');
    mkdirSync(this.boot, { recursive: true });
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  put(path: string, content: string | Uint8Array): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), content);
  }

  putSetup(setup: unknown): void {
    const text = typeof setup === "string" ? setup : JSON.stringify(setup, null, 2);
    this.put("/boot/firmware/kms-box.json", text);
  }

  /** Undefined where there is no such file. */
  read(path: string): string | undefined {
    try {
      return readFileSync(join(this.root, path), "utf8");
    } catch {
      return undefined;
    }
  }

  readSetup(): Record<string, unknown> {
    return JSON.parse(this.read("/boot/firmware/kms-box.json") ?? "null");
  }

  get errors(): string | undefined {
    return this.read("/boot/firmware/kms-box-errors.txt");
  }

  get fault(): string | undefined {
    return this.read("/run/kms-box-setup/fault");
  }

  get settings(): unknown {
    return JSON.parse(this.read("/etc/kms-box/config.d/50-setup.json") ?? "null");
  }

  /** Every file with what it holds. */
  snapshot(): Record<string, string> {
    const all = readdirSync(this.root, { recursive: true, withFileTypes: true });
    const files = all
      .filter((each) => each.isFile())
      .map((each) => join(each.parentPath, each.name));
    const named = files.map((path) => [relative(this.root, path), readFileSync(path, "latin1")]);
    return Object.fromEntries(named);
  }
}
