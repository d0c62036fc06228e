import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { type NetworkInterfaceInfo, type networkInterfaces, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import sinon from "sinon";
import { LinuxMachine } from "../../../src/adapters/system/linux-machine.ts";

type Interfaces = ReturnType<typeof networkInterfaces>;

describe("a Linux machine", () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "kms-box-machine-"));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const machine = (interfaces: () => Interfaces = () => ({})) =>
    new LinuxMachine({ folder: root, root, interfaces });

  async function system(path: string, content: string): Promise<void> {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }

  const network = (name: string, operstate: string, carrier = "") =>
    Promise.all([
      system(`sys/class/net/${name}/operstate`, `${operstate}\n`),
      system(`sys/class/net/${name}/carrier`, `${carrier}\n`),
    ]);

  it("tells its name", () => {
    assert.match(machine().hostname(), /./);
  });

  describe("its addresses", () => {
    const cases: [string, Interfaces, string[]][] = [
      [
        "are those of real interfaces, IPv4 first",
        {
          lo: [address("127.0.0.1", true), address("::1", true)],
          docker0: [address("172.17.0.1")],
          "br-1f2e": [address("172.18.0.1")],
          eth0: [address("2001:db8::7"), address("192.0.2.7"), address("fe80::1")],
          wlan0: [address("192.0.2.8")],
        },
        ["192.0.2.7", "192.0.2.8", "2001:db8::7"],
      ],
      [
        "are link-local ones where there is no other",
        { eth0: [address("fe80::1"), address("169.254.3.4")] },
        ["169.254.3.4", "fe80::1"],
      ],
      [
        "are virtual ones where there is no other",
        { lo: [address("127.0.0.1", true)], veth12: [address("10.0.0.2")] },
        ["10.0.0.2"],
      ],
      ["may be none", { lo: [address("127.0.0.1", true)], eth0: undefined }, []],
    ];
    for (const [what, interfaces, expected] of cases) {
      it(what, () => assert.deepEqual(machine(() => interfaces).addresses(), expected));
    }

    it("are none where the system does not tell them", () => {
      const refusing = () => {
        throw new Error("no netlink here");
      };
      assert.deepEqual(machine(refusing).addresses(), []);
    });
  });

  describe("its link", () => {
    it("is up if one real interface is", async () => {
      await network("eth0", "down", "0");
      await network("wlan0", "up", "1");
      assert.equal(machine().link(), "up");
    });

    it("is told by the carrier where the driver does not tell the state", async () => {
      await network("usb0", "unknown", "1");
      assert.equal(machine().link(), "up");
      await network("usb0", "unknown", "0");
      assert.equal(machine().link(), "down");
    });

    it("is down although loopback and containers are up", async () => {
      await network("lo", "unknown", "1");
      await network("docker0", "up", "1");
      await network("eth0", "dormant", "1");
      assert.equal(machine().link(), "down");
    });

    it("is unknown without an interface, or without such files", async () => {
      assert.equal(machine().link(), "unknown");
      await network("lo", "unknown", "1");
      assert.equal(machine().link(), "unknown");
    });
  });

  it("tells its temperature if it has a sensor", async () => {
    assert.equal(machine().temperatureCelsius(), null);
    await system("sys/class/thermal/thermal_zone0/temp", "48312\n");
    assert.equal(machine().temperatureCelsius(), 48.312);
    await system("sys/class/thermal/thermal_zone0/temp", "\n");
    assert.equal(machine().temperatureCelsius(), null);
  });

  it("tells its boot", async () => {
    assert.equal(machine().bootId(), null);
    await system("proc/sys/kernel/random/boot_id", "\n");
    assert.equal(machine().bootId(), null);
    await system("proc/sys/kernel/random/boot_id", "5c2f4d6e\n");
    assert.equal(machine().bootId(), "5c2f4d6e");
  });

  it("looks at its free space at most once a minute", () => {
    const time = sinon.useFakeTimers({ toFake: ["performance"] });
    const freeSpace = sinon.stub();
    freeSpace.onFirstCall().returns(1000).onSecondCall().throws(new Error("gone"));
    const one = new LinuxMachine({ folder: root, freeSpace });
    assert.deepEqual([one.freeBytes(), one.freeBytes()], [1000, 1000]);
    time.tick(61_000);
    assert.deepEqual([one.freeBytes(), one.freeBytes()], [null, null]);
    assert.deepEqual(freeSpace.args, [[root], [root]]);
  });

  it("is this one unless told otherwise", () => {
    const here = new LinuxMachine({ folder: root });
    assert.ok(Number(here.freeBytes()) > 0);
    assert.ok(Array.isArray(here.addresses()));
    assert.equal(new LinuxMachine({ folder: join(root, "none") }).freeBytes(), null);
  });
});

function address(text: string, internal = false): NetworkInterfaceInfo {
  const rest = { address: text, netmask: "", mac: "", internal, cidr: null };
  return text.includes(":") ? { ...rest, family: "IPv6", scopeid: 0 } : { ...rest, family: "IPv4" };
}
