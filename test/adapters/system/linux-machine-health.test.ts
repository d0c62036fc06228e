import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { takeEndMark } from "../../../src/adapters/system/end-mark.ts";
import { lowVoltage } from "../../../src/adapters/system/linux-power.ts";
import { linuxStorage } from "../../../src/adapters/system/linux-storage.ts";
import type { RunProgram } from "../../../src/adapters/system/run-program.ts";

/** makedev(179, 2): second partition of the SD card. */
const CARD_PARTITION = 0xb302n;
const STAT = "  1500  20  98000 300  700  12  40960  900 0 500 1200 0 0 0 0 0 0\n";

describe("the machine's health on Linux", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "kms-box-machine-"));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const write = (path: string, text = "") => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const card = () => {
    const disk = "sys/devices/mmc/block/mmcblk0";
    write(`${disk}/stat`, STAT);
    write(`${disk}/mmcblk0p2/partition`, "2\n");
    write(`${disk}/mmcblk0p2/stat`, "0 0 0 0 0 0 1 0\n");
    mkdirSync(join(root, "sys/dev/block"), { recursive: true });
    symlinkSync(join(root, disk, "mmcblk0p2"), join(root, "sys/dev/block/179:2"));
  };
  const storage = (device = CARD_PARTITION) =>
    linuxStorage({ folder: "/var/lib/kms-box", root, deviceOf: () => device });
  const mounted = (options: string) =>
    write(
      "proc/self/mountinfo",
      "22 27 0:21 / /proc rw,relatime - proc proc ro\n" +
        `31 1 179:2 / / rw,noatime shared:1 - ext4 /dev/mmcblk0p2 ${options}\n`,
    );

  it("knows the card below the state folder, and what was written to it", () => {
    card();
    mounted("rw,errors=remount-ro");
    write("sys/fs/ext4/mmcblk0p2/lifetime_write_kbytes", "2048\n");
    write("sys/fs/ext4/mmcblk0p2/errors_count", "3\n");
    assert.deepEqual(storage(), {
      device: "mmcblk0",
      fileSystem: "mmcblk0p2",
      sinceBootBytes: 40960 * 512,
      lifetimeBytes: 2 << 20,
      errors: 3,
      readOnly: false,
    });
  });

  it("sees a file system that was made read-only", () => {
    card();
    mounted("ro,errors=remount-ro");
    assert.equal(storage().readOnly, true);
  });

  it("knows a whole disk without partitions, and f2fs", () => {
    write("sys/devices/virtual/vda/stat", STAT);
    mkdirSync(join(root, "sys/dev/block"), { recursive: true });
    symlinkSync(join(root, "sys/devices/virtual/vda"), join(root, "sys/dev/block/254:256"));
    write("sys/fs/f2fs/vda/lifetime_write_kbytes", "7");
    const { device, fileSystem, lifetimeBytes, errors } = storage(0x10fe00n);
    assert.deepEqual([device, fileSystem, lifetimeBytes, errors], ["vda", "vda", 7168, null]);
  });

  it("knows nothing where the kernel does not tell", () => {
    const unknown = {
      device: null,
      fileSystem: null,
      sinceBootBytes: null,
      lifetimeBytes: null,
      errors: null,
      readOnly: null,
    };
    assert.deepEqual(storage(), unknown);
    const gone = () => {
      throw new Error("ENOENT");
    };
    assert.deepEqual(linuxStorage({ folder: "/nowhere", root, deviceOf: gone }), unknown);
    card();
    write("sys/devices/mmc/block/mmcblk0/stat", "odd");
    const { device, sinceBootBytes } = storage();
    assert.deepEqual([device, sinceBootBytes], ["mmcblk0", null]);
  });

  it("names the device of a real folder as the kernel does, where there is one", () => {
    const { device } = linuxStorage({ folder: tmpdir() });
    assert.ok(device === null || readdirSync("/sys/block").includes(device));
  });

  describe("measures the supply", () => {
    const never: RunProgram = async () => assert.fail("no program is to be asked");
    const answering =
      (stdout: string): RunProgram =>
      async (program, args) => {
        assert.deepEqual([program, args], [join(root, "usr/bin/vcgencmd"), ["get_throttled"]]);
        return { status: 0, stdout, stderr: "" };
      };

    it("by the kernel's sensor, among others", async () => {
      write("sys/class/hwmon/hwmon0/name", "cpu_thermal\n");
      write("sys/class/hwmon/hwmon1/name", "rpi_volt\n");
      write("sys/class/hwmon/hwmon1/in0_lcrit_alarm", "0\n");
      assert.equal(await lowVoltage(root, never), false);
      write("sys/class/hwmon/hwmon1/in0_lcrit_alarm", "1\n");
      assert.equal(await lowVoltage(root, never), true);
    });

    it("by the firmware's tool where there is no sensor", async () => {
      write("usr/bin/vcgencmd");
      for (const [text, low] of [
        ["throttled=0x0\n", false],
        ["throttled=0x50005\n", true],
        ["throttled=0x50000\n", false],
        ["error=1\n", null],
        ["", null],
      ] as const) {
        assert.equal(await lowVoltage(root, answering(text)), low, text);
      }
    });

    it("nowhere else", async () => {
      assert.equal(await lowVoltage(root, never), null);
    });
  });

  it("hears once from the service manager what it ended the service for", () => {
    for (const [told, killer] of [
      ["watchdog\n", "watchdog"],
      ["oom-kill\n", "out of memory"],
      ["signal\n", undefined],
    ] as const) {
      write("ended-by", told);
      assert.equal(takeEndMark(root), killer);
      assert.equal(takeEndMark(root), undefined);
    }
  });
});
