import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { configuredTimeServers } from "../../../src/adapters/doctor/configured-time-servers.ts";
import { readAddresses, readLinks } from "../../../src/platform/network/adapters.ts";
import { probeUses } from "../../../src/platform/network/address-use.ts";
import { readNameServers } from "../../../src/platform/network/name-servers.ts";
import { readRoutes } from "../../../src/platform/network/routes.ts";
import { SystemNetwork } from "../../../src/platform/network/system-network.ts";

let root: string;

async function system(path: string, content: string, mode = 0o644): Promise<string> {
  const full = join(root, path);
  await mkdir(dirname(full), { recursive: true });
  await writeFile(full, content, { mode });
  return full;
}

describe("what a Linux system tells of its network", () => {
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "kms-box-network-"));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  describe("the network adapters of a system", () => {
    const adapter = (name: string, files: Readonly<Record<string, string>>) =>
      Promise.all(
        Object.entries(files).map(([file, text]) =>
          system(`sys/class/net/${name}/${file}`, `${text}\n`),
        ),
      );

    it("are up, unplugged, turned off or silent about it", async () => {
      await adapter("lo", { flags: "0x9", operstate: "unknown", carrier: "1" });
      await adapter("docker0", { flags: "0x1003", operstate: "up", carrier: "1" });
      await adapter("eth0", { flags: "0x1003", operstate: "up", carrier: "1" });
      await adapter("eth1", { flags: "0x1003", operstate: "down", carrier: "0" });
      await adapter("eth2", { flags: "0x1002", operstate: "down" });
      await adapter("usb0", { flags: "0x1003", operstate: "unknown", carrier: "1" });
      await adapter("usb1", { flags: "0x1003", operstate: "unknown", carrier: "0" });
      await adapter("odd0", { flags: "0x1003", operstate: "unknown" });
      await adapter("odd1", { operstate: "down" });
      const links = (await readLinks(root)) ?? [];
      assert.deepEqual(Object.fromEntries(links.map(({ name, state }) => [name, state])), {
        eth0: "up",
        eth1: "no-carrier",
        eth2: "off",
        odd0: "unknown",
        odd1: "unknown",
        usb0: "up",
        usb1: "no-carrier",
      });
    });

    it("are unknown on another system", async () => {
      assert.equal(await readLinks(join(root, "none")), null);
    });

    it("have addresses, virtual ones only where there is no other", () => {
      const address = {
        netmask: "",
        mac: "",
        cidr: null,
        internal: false,
        family: "IPv4",
      } as const;
      const lo = [{ ...address, address: "127.0.0.1", internal: true }];
      const docker0 = [{ ...address, address: "172.17.0.1" }];
      const eth0 = [{ ...address, address: "169.254.7.8" }];
      assert.deepEqual(
        readAddresses(() => ({ lo, docker0, eth0, eth1: undefined })),
        [{ address: "169.254.7.8", device: "eth0", linkLocal: true }],
      );
      assert.deepEqual(
        readAddresses(() => ({ lo, docker0 })).map(({ device }) => device),
        ["docker0"],
      );
    });
  });

  describe("the routes of a system", () => {
    const HEAD =
      "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n";
    const line = (
      device: string,
      destination: string,
      gateway: string,
      flags: string,
      mask: string,
    ) => `${device}\t${destination}\t${gateway}\t${flags}\t0\t0\t100\t${mask}\t0\t0\t0\n`;
    const NONE = "0".repeat(32);
    const line6 = (to: string, prefix: string, hop: string, flags: string, device: string) =>
      `${to} ${prefix} ${NONE} 00 ${hop} 00000400 00000001 00000000 ${flags} ${device}\n`;

    it("lead where they say", async () => {
      const lan = line("eth0", "0000490A", "00000000", "0001", "00FFFFFF");
      await system("proc/net/route", HEAD + lan);
      const servers = ["10.73.0.6", "10.99.0.53", "127.0.0.53", "fd71::1", "no address"];
      assert.deepEqual(await readRoutes(servers, root), {
        defaults: [],
        unreachableServers: ["10.99.0.53", "fd71::1"],
      });
      await system(
        "proc/net/route",
        HEAD + line("eth0", "00000000", "0100490A", "0003", "00000000") + lan,
      );
      await system(
        "proc/net/ipv6_route",
        line6("fd710000000000000000000000000000", "40", NONE, "00000001", "eth0") +
          line6(NONE, "00", "fe800000000000000000000000000001", "00000003", "eth0") +
          line6(NONE, "00", NONE, "00200200", "lo"),
      );
      assert.deepEqual(await readRoutes(servers, root), {
        defaults: ["10.73.0.1 by eth0", "fe80::1 by eth0"],
        unreachableServers: [],
      });
    });

    it("do not count when they are down, refuse, or lead to the machine itself", async () => {
      const down = line("eth0", "00000000", "0100490A", "0000", "00000000");
      const refusing = line("*", "00000000", "00000000", "0201", "00000000");
      const ppp = line("ppp0", "00000000", "00000000", "0001", "00000000");
      await system("proc/net/route", HEAD + down + refusing);
      await system("proc/net/ipv6_route", line6(NONE, "00", NONE, "00000001", "lo"));
      assert.deepEqual((await readRoutes([], root))?.defaults, []);
      await system("proc/net/route", HEAD + ppp);
      assert.deepEqual((await readRoutes([], root))?.defaults, ["ppp0"]);
    });

    it("are unknown on another system", async () => {
      assert.equal(await readRoutes([], root), null);
    });
  });

  describe("the name servers of a system", () => {
    it("are those of resolv.conf, or those behind its stub", async () => {
      assert.equal(await readNameServers(root), null);
      await system("etc/resolv.conf", "# nameserver 1.1.1.1\nsearch a\n nameserver 10.0.0.1 \n");
      assert.deepEqual(await readNameServers(root), ["10.0.0.1"]);
      await system("etc/resolv.conf", "nameserver 127.0.0.53\noptions edns0\n");
      assert.deepEqual(await readNameServers(root), ["127.0.0.53"]);
      await system("run/systemd/resolve/resolv.conf", "nameserver 10.0.0.2\nnameserver fd00::2\n");
      assert.deepEqual(await readNameServers(root), ["10.0.0.2", "fd00::2"]);
      await system("run/systemd/resolve/resolv.conf", "");
      assert.deepEqual(await readNameServers(root), ["127.0.0.53"]);
    });

    it("are told with what each of them does", async () => {
      const network = new SystemNetwork({ root });
      assert.equal(await network.nameServers("office.test"), null);
      await system("etc/resolv.conf", "");
      assert.deepEqual(await network.nameServers("office.test"), []);
      assert.deepEqual([await network.routes(), await network.links()], [null, null]);
      assert.ok(Array.isArray(await network.addresses()));
    });
  });

  describe("looking for another machine with the same address", () => {
    const eth0 = { address: "10.73.0.5", device: "eth0", linkLocal: false };
    /** A program that answers as arping does. */
    const arping = (script: string) => system("arping", `#!/bin/sh\n${script}\n`, 0o755);
    const use = async (script: string) => {
      const program = await arping(script);
      const [found] = await probeUses([eth0], { root, program });
      return found?.use;
    };

    it("tells who answered", async () => {
      assert.deepEqual(await use("exit 0"), { by: "us" });
      assert.deepEqual(
        await use('echo "Unicast reply from 10.73.0.5 [02:AB:00:00:00:0B]  0.6ms"; exit 1'),
        { by: "another", hardware: "02:ab:00:00:00:0b" },
      );
    });

    it("knows the answer of another adapter of its own", async () => {
      const answer = 'echo "Unicast reply from 10.73.0.5 [02:AB:00:00:00:0C]  0.6ms"; exit 1';
      assert.deepEqual(await use(answer), { by: "another", hardware: "02:ab:00:00:00:0c" });
      await system("sys/class/net/wlan0/address", "02:ab:00:00:00:0c\n");
      assert.deepEqual(await use(answer), { by: "us" });
    });

    it("tells why it does not know", async () => {
      const why = (reason: string) => ({ by: "unknown", why: reason });
      assert.deepEqual(
        await use('echo "arping: socket: Operation not permitted" >&2; exit 2'),
        why("not-permitted"),
      );
      assert.deepEqual(await use("exit 2"), why("failed"));
      assert.deepEqual(await use("exit 1"), why("failed"));
      const missing = await probeUses([eth0], { root, program: join(root, "none") });
      assert.deepEqual(missing[0]?.use, why("not-installed"));
    });

    it("asks for the address at its link, twice, and for no other than office addresses", async () => {
      const told = join(root, "told");
      const program = await arping(`echo "$@" >> ${told}`);
      const others = [
        { address: "169.254.7.8", device: "eth0", linkLocal: true },
        { address: "fd71::5", device: "eth0", linkLocal: false },
      ];
      assert.equal((await probeUses([eth0, ...others], { root, program })).length, 1);
      assert.equal(await readFile(told, "utf8"), "-D -I eth0 -c 2 -w 2 10.73.0.5\n");
    });

    it("knows what the kernel met when it took an IPv6 address", async () => {
      await system(
        "proc/net/if_inet6",
        "fd710000000000000000000000000005 02 40 00 c8    eth0\n" +
          "fd710000000000000000000000000006 02 40 00 80    eth0\n",
      );
      assert.deepEqual(await probeUses([], { root }), [
        { address: "fd71::5", use: { by: "another", hardware: null } },
      ]);
    });
  });

  describe("the time servers that a system is told of", () => {
    it("are none without files", async () => {
      assert.deepEqual(await configuredTimeServers(root), []);
    });

    it("come from timesyncd, from DHCP and from chrony, each once", async () => {
      await system("etc/systemd/timesyncd.conf", "[Time]\n#NTP=no.test\nNTP=a.test  b.test\n");
      await system(
        "etc/systemd/timesyncd.conf.d/x.conf",
        "[Time]\nNTP=c.test\nFallbackNTP=no.test\n",
      );
      await system("run/systemd/netif/links/2", "ADMIN_STATE=configured\nNTP=10.0.0.1\n");
      await system(
        "etc/chrony/chrony.conf",
        "# server no.test\nserver a.test iburst\npool d.test\n",
      );
      await system("etc/chrony/sources.d/y.sources", "server e.test\n");
      await system("run/chrony-dhcp/eth0.sources", "server 10.0.0.2 iburst\n");
      await symlink("none", join(root, "etc/chrony/sources.d/broken.sources"));
      assert.deepEqual(await configuredTimeServers(root), [
        "a.test",
        "b.test",
        "c.test",
        "10.0.0.1",
        "d.test",
        "e.test",
        "10.0.0.2",
      ]);
    });
  });
});
