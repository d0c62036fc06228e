import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { BoxProcess, runProgram } from "../support/box-process.ts";
import { ensurePackages } from "../support/debian-packages.ts";
import { until } from "../support/dns-box.ts";
import { type Machine, NetworkRig } from "../support/netns.ts";

const MINUTE_MS = 60_000;
const BOX = "192.168.1.10";
const ROUTER = "192.168.1.1";
const RESOLVER = `search office.example\nnameserver ${ROUTER}\n`;
/** What the chapter says that the router's configuration has. */
const OWN_DOMAIN = "domain=office.example\nlocal=/office.example/\n";
/** What the chapter writes the box's lines to. */
const LINES = "kms-box.conf";
/** The chapter's product; its first client is activated, as 25 would take long. */
const PRODUCT = 'id=editor,name="Example Editor",application=desktop,threshold=1';

/** The one command that is not the real one, as there is no systemd here: restarts dnsmasq. */
const SYSTEMCTL = `[ "$*" = "restart dnsmasq" ] || exit 1
[ ! -e /etc/dnsmasq.pid ] || kill "$(cat /etc/dnsmasq.pid)"
# The former one may need a moment to leave its port.
for try in 1 2 3 4 5; do
  dnsmasq --conf-file= --conf-dir=/etc/dnsmasq.d --no-resolv --no-hosts --user=root \\
    --pid-file=/etc/dnsmasq.pid && exit
  sleep 1
done
exit 1`;

type Four = readonly [string, string, string, string];

/** The blocks of commands below a heading of the README, as they stand there. */
function blocksBelow(heading: string, where: Four): Four {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const [, after = ""] = readme.split(`\n#### ${heading}\n`);
  const [chapter = ""] = after.split(/^#{2,4} /m);
  const [one = "", two = "", three = "", four = "", ...more] = [
    ...chapter.matchAll(/^```sh\n(.*?)^```$/gms),
  ].map(([, script = ""]) => script);
  // The first line says on which machine a block is run.
  const found = [one, two, three, four, ...more].map((script) => script.split("\n")[0]);
  assert.deepEqual(
    found,
    where.map((machine) => `# ${machine}`),
  );
  return [one, two, three, four];
}

/** The box, a router and clients before and behind it; dnsmasq runs on the router, or nothing. */
class Office {
  readonly #rig: NetworkRig;
  readonly #folder: string;
  readonly #machines = new Map<string, Machine>();
  #box: BoxProcess | undefined;

  private constructor(rig: NetworkRig, folder: string) {
    this.#rig = rig;
    this.#folder = folder;
  }

  static async furnish({ resolver }: { resolver: string }): Promise<Office> {
    const folder = await mkdtemp(join(tmpdir(), "kms-box-office-"));
    const office = new Office(await NetworkRig.create(), folder);
    await office.#connect(resolver);
    await office.#installPrograms();
    await office.#startBox();
    return office;
  }

  async #connect(resolver: string): Promise<void> {
    const [kms, router, near, far] = await Promise.all(
      ["kms", "router", "near", "far"].map((name) => this.#add(name)),
    );
    assert.ok(kms && router && near && far);
    await this.#rig.link(
      { machine: kms, device: "eth0", addresses: [`${BOX}/24`] },
      { machine: router, device: "eth0", addresses: [`${ROUTER}/24`] },
      { machine: near, device: "eth0", addresses: ["192.168.1.20/24"] },
    );
    await this.#rig.link(
      { machine: router, device: "eth1", addresses: ["192.168.2.1/24"] },
      { machine: far, device: "eth0", addresses: ["192.168.2.20/24"] },
    );
    await router.run("sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward");
    for (const machine of [kms, near, far]) {
      const via = machine === far ? "192.168.2.1" : ROUTER;
      await machine.ip("route", "add", "default", "via", via);
      machine.resolveBy(resolver);
    }
  }

  /** A machine whose user is at home in a folder of its own. */
  async #add(name: string): Promise<Machine> {
    for (const each of ["home", "state", "etc/dnsmasq.d"]) {
      await mkdir(join(this.#folder, name, each), { recursive: true });
    }
    for (const each of ["passwd", "group"]) {
      await copyFile(`/etc/${each}`, join(this.#folder, name, "etc", each));
    }
    const machine = await this.#rig.machine(name);
    this.#machines.set(name, machine);
    return machine;
  }

  async #installPrograms(): Promise<void> {
    await mkdir(join(this.#folder, "bin"));
    const shims = Object.entries({
      "kms-box": `exec "${process.execPath}" "${resolve("dist/cli/kms-box.js")}" "$@"`,
      "kms-client": `exec "${process.execPath}" "${resolve("dist/cli/kms-client.js")}" "$@"`,
      systemctl: SYSTEMCTL,
    });
    for (const [name, script] of shims) {
      const path = join(this.#folder, "bin", name);
      await writeFile(path, `#!/bin/sh\n${script}\n`);
      await chmod(path, 0o755);
    }
  }

  /** A box set up as the README says, whose vendor's public key is with the clients. */
  async #startBox(): Promise<void> {
    const vendor = join(this.#folder, "vendor");
    const data = ["--data", this.#state];
    const licence = join(this.#folder, "licence.jwt");
    const hostKey = join(this.#folder, "host.jwk");
    const succeed = async (...[name, args]: Parameters<typeof runProgram>) => {
      const { status, stdout, stderr } = await runProgram(name, args);
      assert.equal(status, 0, stdout + stderr);
      return stdout;
    };
    await succeed("kms-vendor", ["init", "--dir", vendor, "--name", "Example Software"]);
    await writeFile(hostKey, await succeed("kms-box", ["licence", "request", ...data]));
    const issue = ["licence", "issue", "--dir", vendor, "--host-key", hostKey, "--days", "365"];
    await succeed("kms-vendor", [...issue, "--out", licence, "--product", PRODUCT]);
    await succeed("kms-box", ["licence", "install", licence, ...data]);
    for (const client of ["near", "far"]) {
      await copyFile(join(vendor, "vendor.pub.jwk"), this.home(client, "vendor.pub.jwk"));
    }
    const { within } = this.#machine("kms");
    const args = ["--bind", "::", "--port", "1688", "--no-panel"];
    this.#box = await BoxProcess.start({ data: this.#state, args, within });
    const { program } = this.#box;
    await until(async () => program.stdout.includes("mdns-announced"), "it is not announced");
  }

  get #state(): string {
    return join(this.#folder, "kms", "state");
  }

  home(machine: string, file: string): string {
    return join(this.#folder, machine, "home", file);
  }

  /** Runs commands at home on a machine, which has folders of its own for what they keep. */
  async run(name: string, script: string): Promise<string> {
    const own = join(this.#folder, name);
    const [from, to] = name === "router" ? ["etc", "/etc"] : ["state", "/var/lib"];
    const furnished = [
      `mount --bind "${own}/${from}" ${to}`,
      `cd "${own}/home"`,
      `export PATH="${this.#folder}/bin:$PATH" KMS_CLIENT_MACHINE_ID=${name}`,
      `export KMS_BOX_DATA="${this.#state}"`,
      "exec 2>&1",
      script,
    ].join("\n");
    try {
      return await this.#machine(name).run("sh", "-e", "-c", furnished);
    } catch (error) {
      throw new Error((error as { stdout?: string }).stdout, { cause: error });
    }
  }

  /** Restarts the router's dnsmasq with these lines for the box, in the place of those it had. */
  async enter(lines: string, ownDomain = OWN_DOMAIN): Promise<void> {
    const folder = join(this.#folder, "router", "etc", "dnsmasq.d");
    await writeFile(join(folder, "office.conf"), ownDomain);
    await writeFile(join(folder, LINES), lines);
    await this.run("router", "systemctl restart dnsmasq");
  }

  #machine(name: string): Machine {
    const machine = this.#machines.get(name);
    assert.ok(machine);
    return machine;
  }

  async leave(): Promise<void> {
    await this.#box?.stop();
    this.#rig.delete();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** What the doctor says, whether all is well or not. */
const examined = (office: Office) => office.run("kms", "kms-box doctor || [ $? = 1 ]");

/** dnsmasq's line for the SRV record. */
function srvHost(host: string, port = 1688): string {
  return `srv-host=_vlmcs._tcp.office.example,${host}.office.example,${port},0,100\n`;
}

describe("offices that are set up by the commands of the README", function () {
  this.timeout(MINUTE_MS);

  before(async function () {
    this.timeout(5 * MINUTE_MS);
    await ensurePackages({ arping: "iputils-arping", dnsmasq: "dnsmasq-base", mount: "mount" });
  });

  describe("a router with dnsmasq", () => {
    const [record, enter, ask, examine] = blocksBelow("A router with dnsmasq", [
      "On the box",
      "On the router",
      "On a client",
      "On the box",
    ]);
    let office: Office;

    before(async () => {
      office = await Office.furnish({ resolver: RESOLVER });
      await office.enter("");
    });
    after(() => office?.leave());

    it("takes the box's lines, which dnsmasq finds right", async () => {
      assert.equal(await office.run("kms", record), "");
      const lines = await readFile(office.home("kms", LINES), "utf8");
      assert.match(lines, /^srv-host=_vlmcs\._tcp\.office\.example,kms\.office\.example,1688,/m);
      // The README leaves it to the reader how the file comes there.
      await copyFile(office.home("kms", LINES), office.home("router", LINES));
      assert.match(await office.run("router", enter), /^dnsmasq: syntax check OK\.$/m);
    });

    it("lets clients find the box by its SRV record, and be activated", async () => {
      const told = await office.run("near", ask);
      assert.match(told, /^Asked: SRV in office\.example: 1$/m);
      assert.match(told, /^Host +kms\.office\.example:1688\n +Found by +srv \(/m);
      assert.match(told, /^editor is activated by kms\.office\.example:1688 until /m);
    });

    it("does so for clients in another network too", async () => {
      const told = await office.run("far", ask);
      assert.match(told, /^editor is activated by kms\.office\.example:1688 until /m);
    });

    it("is well in the eyes of the doctor, who examines the record without a zone", async () => {
      const told = await office.run("kms", examine);
      const name = String.raw`_vlmcs\._tcp\.office\.example`;
      for (const line of [
        String.raw`✓ Name servers +192\.168\.1\.1 answers\.`,
        String.raw`– Zone of office\.example +No zone with a primary was found .* kept by hand`,
        String.raw`✓ Hosts that are gone +${name} names no other host\.`,
        String.raw`✓ Other hosts +${name} names no host that competes with this box\.`,
        String.raw`– Updates allowed +office\.example is not in dns\.domains`,
        String.raw`✓ SRV record +${name} names kms\.office\.example:1688, where this box answers\.`,
        String.raw`✓ Its address +kms\.office\.example has the address 192\.168\.1\.10\.`,
        String.raw`✓ Seen from here +192\.168\.1\.1 has ${name}\.`,
        "– Time to live +Only a zone's primary tells it",
        String.raw`✓ Port +The box answers at 192\.168\.1\.10:1688\.`,
        String.raw`Everything is well\.$`,
      ]) {
        assert.match(told, new RegExp(`^${line}`, "m"));
      }
    });

    it("may give the box a name of its own", async () => {
      await office.enter(`${srvHost("licences")}host-record=licences.office.example,${BOX}\n`);
      const told = await examined(office);
      assert.match(told, /^✓ SRV record +\S+ names licences\.office\.example:1688, where/m);
      assert.match(told, /^Everything is well\.$/m);
    });

    it("is not well without the lines, or with a record alone", async () => {
      await office.enter("");
      const missing = await examined(office);
      assert.match(
        missing,
        /^! SRV record +Clients on this box's own link find it by mDNS, those in other networks do not: /m,
      );
      assert.match(
        missing,
        /^Nothing is wrong, but: Clients on this box's own link find it by mDNS/m,
      );
      assert.match(missing, /: 192\.168\.1\.1 has no record _vlmcs\._tcp\.office\.example\.$/m);
      const step = "kms-box dns record --domain office.example --format dnsmasq";
      assert.ok(missing.includes(`→ Enter in the name server what this prints: ${step}`));
      await office.enter(srvHost("kms"));
      assert.match(
        await examined(office),
        /^✗ Its address +kms\.office\.example has no address in DNS/m,
      );
    });

    it("is not well where the record names another machine, or the port or address of before", async () => {
      const kms = `host-record=kms.office.example,${BOX}`;
      await office.enter(`${srvHost("near")}host-record=near.office.example,192.168.1.20\n`);
      const another = await examined(office);
      assert.match(
        another,
        /^✗ Hosts that are gone .*: near\.office\.example:1688 \(nothing listens there\)\.$/m,
      );
      assert.match(another, /^✗ SRV record .* names only near\.office\.example:1688\.$/m);
      await office.enter(`${srvHost("kms", 1700)}${kms}\n`);
      assert.match(
        await examined(office),
        /^✗ SRV record .* names kms\.office\.example:1700, but this box serves at port 1688\.$/m,
      );
      await office.enter(`${srvHost("kms")}host-record=kms.office.example,192.168.1.20\n`);
      assert.match(
        await examined(office),
        /^✗ Its address +kms\.office\.example has the address 192\.168\.1\.20 in DNS, which is not/m,
      );
    });

    it("is told what it means that a router without `local=` refuses", async () => {
      await office.enter("", "");
      const refused = await examined(office);
      assert.match(
        refused,
        /^! SRV record .*: 192\.168\.1\.1 refuses to answer for .* \(dnsmasq without local=\/office/m,
      );
      await office.enter(`${srvHost("kms")}host-record=kms.office.example,${BOX}\n`, "");
      assert.match(await examined(office), /^Everything is well\.$/m);
    });
  });

  describe("no DNS at all", () => {
    const [near, far, ask, examine] = blocksBelow("No DNS at all", [
      "On a client",
      "On a client in another network",
      "On a client",
      "On the box",
    ]);
    let office: Office;

    before(async () => {
      office = await Office.furnish({ resolver: "" });
    });
    after(() => office?.leave());

    it("lets clients on the box's link find it by mDNS, and be activated", async () => {
      const told = await office.run("near", near);
      assert.match(told, /^Asked: mDNS: 1$/m);
      assert.match(told, /^Host +192\.168\.1\.10:1688\n +Found by +mdns \(mDNS "kms" on eth0,/m);
      assert.match(told, /^editor is activated by 192\.168\.1\.10:1688 until /m);
    });

    it("lets clients in another network be activated once they are told, not before", async () => {
      await assert.rejects(office.run("far", near), /No KMS host was found: .* answers by mDNS/);
      const told = await office.run("far", far);
      assert.match(told, /^The host is now 192\.168\.1\.10:1688\.$/m);
      assert.match(told, /^editor is activated by 192\.168\.1\.10:1688 until /m);
    });

    it("tells how it stands on either client", async () => {
      for (const [client, found] of [
        ["near", "mdns"],
        ["far", "configured"],
      ] as const) {
        const told = await office.run(client, ask);
        assert.match(told, /^Everything is well\.$/m);
        assert.match(told, /^Licence status +licensed$/m);
        assert.match(told, new RegExp(`^Host found by +${found} `, "m"));
      }
    });

    it("tells on the box who has asked", async () => {
      const told = await office.run("kms", examine);
      assert.match(
        told,
        /^– SRV record +No record was looked for: .* this machine searches in none/m,
      );
      const well = "Everything is well, as far as it was checked; not checked: SRV record.";
      assert.ok(told.split("\n").includes(well), told);
      assert.match(told, /^2 clients$/m);
      for (const client of ["near", "far"]) {
        assert.match(told, new RegExp(`^${client} .* editor `, "m"));
        assert.ok(told.includes(`${client} is activated for "Example Editor"`));
      }
    });
  });
});
