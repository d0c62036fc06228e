import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runSetup } from "../../src/compose-setup.ts";
import { runProgram } from "../support/box-process.ts";
import { ensurePackages, PATH, runTool } from "../support/debian-packages.ts";
import { KEY_PATH, SECRET, SetupTree, wholeSetup } from "../support/setup-tree.ts";

const NETWORK = "/etc/NetworkManager/system-connections/kms-box.nmconnection";

/** What `nmcli` makes of a connection's file, by its own reader. */
function readByNmcli(text: string): Map<string, string> {
  const written = execFileSync(
    "nmcli",
    ["--offline", "connection", "modify", "connection.autoconnect", "yes"],
    { input: text, encoding: "utf8", env: { ...process.env, PATH } },
  );
  const members = new Map<string, string>();
  let section = "";
  for (const line of written.split("\n")) {
    const [, name] = /^\[(.+)\]$/.exec(line) ?? [];
    const [, key, value = ""] = /^([^=#]+)=(.*)$/.exec(line) ?? [];
    if (name !== undefined) section = name;
    else if (key !== undefined) members.set(`${section}.${key}`, value);
  }
  return members;
}

describe("what setup writes, read by the programs that it is for", () => {
  let tree: SetupTree;
  before(function () {
    this.timeout(5 * 60_000);
    return ensurePackages({
      nmcli: "network-manager",
      sshd: "openssh-server",
      "ssh-keygen": "openssh-client",
      "named-checkconf": "bind9-utils",
      "systemd-analyze": "systemd",
    });
  });
  beforeEach(() => {
    tree = new SetupTree();
  });
  afterEach(() => tree.remove());

  const apply = async (setup: unknown) => {
    tree.putSetup(setup);
    await runSetup({ root: tree.root });
  };

  it("is a connection of NetworkManager with every address", async () => {
    await apply(wholeSetup());
    const members = readByNmcli(tree.read(NETWORK) ?? "");
    const read = (...keys: string[]) => keys.map((key) => members.get(key));
    assert.deepEqual(
      read("connection.id", "connection.type", "connection.interface-name", "ipv4.method"),
      ["kms-box", "ethernet", "eth0", "manual"],
    );
    assert.match(members.get("ipv4.address1") ?? "", /^192\.0\.2\.10\/24/);
    assert.match(members.get("ipv6.address1") ?? "", /^2001:db8::10\/64/);
    const text = [...members.entries()].map((each) => each.join("=")).join("\n");
    assert.match(text, /^ipv4\.(?:gateway=|address1=.*,)192\.0\.2\.1$/m);
    assert.match(text, /^ipv6\.(?:gateway=|address1=.*,)fe80::1$/m);
    assert.deepEqual(read("ipv4.dns", "ipv6.dns", "ipv6.method", "ipv4.dns-search"), [
      "192.0.2.1;",
      "2001:db8::1;",
      "manual",
      "office.example;",
    ]);
  });

  it("is one that asks for an address where only name servers are given", async () => {
    await apply({ network: { dnsServers: ["192.0.2.1"] } });
    const members = readByNmcli(tree.read(NETWORK) ?? "");
    const read = (...keys: string[]) => keys.map((key) => members.get(key));
    assert.deepEqual(read("ipv4.method", "ipv4.ignore-auto-dns", "ipv6.ignore-auto-dns"), [
      "auto",
      "true",
      "true",
    ]);
    assert.equal(members.has("connection.interface-name"), false);
  });

  it("lets sshd look for the administrator's keys beside each account's own", async () => {
    await apply(wholeSetup());
    const hostKey = join(tree.root, "ssh_host_key");
    await runTool("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", hostKey]);
    const config = join(tree.root, "sshd_config");
    const dropIns = join(tree.root, "/etc/ssh/sshd_config.d/*.conf");
    writeFileSync(config, `Include ${dropIns}\nHostKey ${hostKey}\n`);
    mkdirSync("/run/sshd", { recursive: true });
    const told = await runTool("sshd", ["-T", "-f", config]);
    assert.match(
      told,
      /^authorizedkeysfile \.ssh\/authorized_keys \.ssh\/authorized_keys2 \/etc\/kms-box\/ssh\/%u$/m,
    );
    const keys = await runTool("ssh-keygen", [
      "-l",
      "-f",
      join(tree.root, "/etc/kms-box/ssh/alice"),
    ]);
    assert.match(keys, /^256 SHA256:\S+ alice@pc \(ED25519\)$/m);
  });

  it("is a key in the words of BIND's tools", async () => {
    await apply(wholeSetup());
    const key = join(tree.root, KEY_PATH);
    await runTool("named-checkconf", [key]);
    writeFileSync(key, readFileSync(key, "utf8").replace(SECRET, "!"));
    await assert.rejects(runTool("named-checkconf", [key]));
  });

  it("is done by a unit that systemd understands, and that is confined", async () => {
    const folder = join(tree.root, "units");
    mkdirSync(folder);
    const unit = join(folder, "kms-box-setup.service");
    const text = readFileSync("systemd/kms-box-setup.service", "utf8");
    // Not installed here, and verified to be there.
    writeFileSync(unit, text.replace("/usr/bin/kms-box", "/usr/bin/true").replace(/^Doc.*\n/m, ""));
    await runTool("systemd-analyze", ["verify", unit]);
    const shown = await runTool("systemd-analyze", ["security", "--offline=yes", unit]);
    const exposure = Number(/exposure level for \S+: ([\d.]+)/.exec(shown)?.[1]);
    assert.ok(exposure <= 2.1, `exposure ${exposure}`);
  });

  it("is told to whoever has not the rights to do it", async () => {
    const within = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
    const { status, stderr } = await runProgram("kms-box", ["setup"], { within });
    assert.equal(status, 2);
    assert.match(stderr, /needs root: "sudo kms-box setup"/);
  });

  it("is refused on a file system that is read-only, before anything is changed", async () => {
    tree.putSetup(wholeSetup());
    const before = tree.snapshot();
    const script = [
      `mount --bind '${tree.root}' '${tree.root}'`,
      `mount -o remount,bind,ro '${tree.root}'`,
      `exec "$@"`,
    ].join(" && ");
    const within = ["unshare", "--mount", "sh", "-c", script, "sh"];
    const { status, stderr } = await runProgram("kms-box", ["setup", "--root", tree.root], {
      within,
    });
    assert.equal(status, 1);
    assert.match(stderr, /its file system is read-only \(EROFS\)/);
    assert.deepEqual(tree.snapshot(), before);
  });

  it("is done from a boot partition that is read-only, unless a secret must be taken from it", async () => {
    const script = [
      `mount --bind '${tree.boot}' '${tree.boot}'`,
      `mount -o remount,bind,ro '${tree.boot}'`,
      `exec "$@"`,
    ].join(" && ");
    const run = () =>
      runProgram("kms-box", ["setup", "--root", tree.root], {
        within: ["unshare", "--mount", "sh", "-c", script, "sh"],
      });
    tree.putSetup(wholeSetup());
    const refused = await run();
    assert.deepEqual([refused.status, tree.read(NETWORK)], [1, undefined]);
    assert.match(refused.stderr, /boot\/firmware\/kms-box\.json\.tmp .*read-only \(EROFS\)/);
    assert.equal(tree.fault, "run kms-box setup\n");
    tree.putSetup({ hostName: "kms" });
    assert.equal((await run()).status, 0);
    assert.deepEqual([tree.read("/etc/hostname"), tree.fault], ["kms\n", undefined]);
  });

  describe("as root of a whole machine", () => {
    /** This machine with its settings copied, so that they can be changed, and another name. */
    const elsewhere = (...then: string[]) => {
      const script = [
        `cp -a /etc '${tree.root}/etc-copy' && mount --bind '${tree.root}/etc-copy' /etc`,
        "mount -t tmpfs none /run && mount -t tmpfs none /var/lib && hostname before",
        ...then,
      ].join(" && ");
      return ["unshare", "--mount", "--uts", "sh", "-c", script, "sh"];
    };
    const setup = (within: readonly string[]) =>
      runProgram("kms-box", ["setup", "--boot", tree.boot, "--json"], { within });

    it("gives the running machine its name at once", async () => {
      tree.putSetup({ hostName: "kms", ntpServers: ["192.0.2.1"], network: {} });
      const group = "groupadd --force --system kms-box";
      const { status, stdout, stderr } = await setup(
        elsewhere(group, '"$@"', "hostname", "cat /etc/hostname"),
      );
      assert.equal(status, 0, stderr + stdout);
      assert.match(stdout, /"untold": \[\]\n\}\nkms\nkms\n$/);
    });

    it("wants the package to be there", async () => {
      tree.putSetup({ hostName: "kms" });
      const { status, stdout } = await setup(
        elsewhere("{ groupdel kms-box 2> /dev/null || true; }", 'exec "$@"'),
      );
      assert.equal(status, 1);
      assert.match(stdout, /There is no group kms-box on this system: install the package/);
    });

    it("is refused where all of it would be forgotten", async () => {
      tree.putSetup({ hostName: "kms" });
      const upper = join(tree.root, "upper");
      const script = [
        `mkdir '${upper}' && mount -t tmpfs none '${upper}'`,
        `cd '${upper}' && mkdir data work root`,
        "mount -t overlay overlay -o lowerdir=/,upperdir=data,workdir=work root",
        "mount -t proc proc root/proc",
        'exec chroot root "$@"',
      ].join(" && ");
      const { status, stdout } = await setup(["unshare", "--mount", "sh", "-c", script, "sh"]);
      assert.equal(status, 1);
      assert.match(stdout, /overlay in memory: what is set up now would be gone/);
    });
  });
});
