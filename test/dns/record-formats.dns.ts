import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { Resolver } from "node:dns/promises";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RecordFormat, recordLines } from "../../src/domain/dns-record-formats.ts";
import { type DnsRegistration, registrationOf } from "../../src/domain/dns-registration.ts";
import { ensurePackages, PATH, runTool } from "../support/debian-packages.ts";
import { freePort } from "../support/free-port.ts";

const OFFICE = registrationOf(
  {
    service: "_vlmcs",
    host: "",
    hostname: "kms",
    port: 1700,
    ttlSeconds: 600,
    addresses: ["192.0.2.7", "192.0.2.8", "2001:db8::7", "2001:db8::8"],
  },
  { domain: "office.test", priority: 5, weight: 40, publishAddresses: true },
);
const SRV = [{ name: "kms.office.test", port: 1700, priority: 5, weight: 40 }];

const SOA = "office.test. 60 IN SOA ns.office.test. admin.office.test. 1 60 60 60 60";
const ZONE_HEAD = [
  SOA,
  "office.test. 60 IN NS ns.office.test.",
  "ns.office.test. 60 IN A 192.0.2.1",
];

/** PowerShell's lines are held to a golden text only, as no Debian has the server's cmdlets. */
describe("what to enter by hand, before the servers themselves", function () {
  this.timeout(60_000);
  let folder: string;
  let port: number;
  let server: ChildProcess | undefined;
  let log = "";

  before(async function () {
    this.timeout(300_000);
    await ensurePackages({
      named: "bind9",
      "named-checkzone": "bind9-utils",
      dnsmasq: "dnsmasq-base",
      unbound: "unbound",
    });
  });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "kms-box-record-"));
    await chmod(folder, 0o755);
    port = await freePort();
    log = "";
  });

  afterEach(async () => {
    if (server && server.exitCode === null) {
      server.kill("SIGKILL");
      await once(server, "close");
    }
    server = undefined;
    await rm(folder, { recursive: true, force: true });
  });

  async function file(name: string, lines: readonly string[]): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, `${lines.join("\n")}\n`);
    return path;
  }

  const lines = (format: RecordFormat, over: Partial<DnsRegistration> = {}) =>
    recordLines(format, { ...OFFICE, ...over });

  function serve(program: string, ...args: readonly string[]): void {
    server = spawn(program, args, { env: { ...process.env, PATH } });
    for (const stream of [server.stdout, server.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        log += text;
      });
    }
  }

  /** Asks as a client does, until the server is up. */
  async function readBack() {
    const resolver = new Resolver({ timeout: 500, tries: 1 });
    resolver.setServers([`127.0.0.1:${port}`]);
    for (let tries = 0; ; tries++) {
      try {
        const srv = await resolver.resolveSrv(OFFICE.name);
        const v4 = await resolver.resolve4(OFFICE.target, { ttl: true });
        return { srv, v4, v6: await resolver.resolve6(OFFICE.target) };
      } catch (error) {
        if (tries === 30 || server?.exitCode !== null) throw new Error(log, { cause: error });
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }

  async function answersAll(): Promise<void> {
    const { srv, v4, v6 } = await readBack();
    assert.deepEqual(srv, SRV);
    assert.deepEqual(v4.map(({ address }) => address).sort(), ["192.0.2.7", "192.0.2.8"]);
    assert.ok(v4.every(({ ttl }) => ttl === 600));
    assert.deepEqual(v6.sort(), ["2001:db8::7", "2001:db8::8"]);
  }

  it("is a zone file to BIND, which serves it", async () => {
    const zone = await file("zone", [...ZONE_HEAD, ...lines("bind")]);
    const said = await runTool("named-checkzone", ["-k", "fail", "office.test", zone]);
    assert.match(said, /\nOK\n$/);
    const config = await file("named.conf", [
      `options { directory "${folder}"; listen-on port ${port} { 127.0.0.1; };`,
      "listen-on-v6 { none; }; recursion no; pid-file none; session-keyfile none; };",
      `controls { }; zone "office.test" { type primary; file "${zone}"; };`,
    ]);
    serve("named", "-g", "-c", config);
    await answersAll();
  });

  it("needs no $ORIGIN and no TTL of the zone file's own", async () => {
    const zone = await file("zone", [...ZONE_HEAD, "$ORIGIN else.office.test.", ...lines("bind")]);
    await runTool("named-checkzone", ["-k", "fail", "office.test", zone]);
  });

  for (const format of ["dnsmasq", "pihole"] as const) {
    it(`is configuration to dnsmasq in the form of ${format}, which serves it`, async () => {
      const config = await file("dnsmasq.conf", lines(format));
      await runTool("dnsmasq", ["--test", `--conf-file=${config}`]);
      const own = ["--keep-in-foreground", "--no-resolv", "--no-hosts", "--bind-interfaces"];
      const where = ["--listen-address=127.0.0.1", `--port=${port}`, "--user=root", "--pid-file="];
      serve("dnsmasq", ...own, ...where, `--conf-file=${config}`);
      await answersAll();
    });
  }

  it("is configuration to unbound, which serves it", async () => {
    const included = await file("kms-box.conf", lines("unbound"));
    const config = await file("unbound.conf", [
      "server:",
      `  interface: 127.0.0.1@${port}`,
      `  username: ""`,
      `  chroot: ""`,
      `  directory: "${folder}"`,
      `  pidfile: ""`,
      "  use-syslog: no",
      "  do-daemonize: no",
      `  local-zone: "test." nodefault`,
      "remote-control:",
      "  control-enable: no",
      `include: "${included}"`,
    ]);
    await runTool("unbound-checkconf", [config]);
    serve("unbound", "-d", "-c", config);
    await answersAll();
  });

  it("is taken by all of them where the target is in another zone", async () => {
    const over = { target: "kms.other.test", addresses: [] };
    const zone = await file("zone", [...ZONE_HEAD, ...lines("bind", over)]);
    await runTool("named-checkzone", ["-k", "fail", "-i", "none", "office.test", zone]);
    const dnsmasq = await file("dnsmasq.conf", lines("dnsmasq", over));
    await runTool("dnsmasq", ["--test", `--conf-file=${dnsmasq}`]);
    await runTool("unbound-checkconf", [await file("unbound.conf", lines("unbound", over))]);
  });
});
