import assert from "node:assert/strict";
import { mkdir, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AdminClient } from "../../src/cli/box/admin-client.ts";
import { BoxProcess, runProgram, temporaryFolder } from "../support/box-process.ts";
import { ensurePackages, runTool } from "../support/debian-packages.ts";

/** Whole blocks first, then what is still free between them. */
const FILL = `cat /dev/zero > "$1"
for n in $(seq 200); do head -c 512 /dev/zero > "$1$n" || exit 0; done 2>/dev/null`;
const STICK_BYTES = 64 << 20;
const NAME = /^kms-box-[0-9a-f]{8}-\d{8}t\d{6}z\.age$/;
type Refusal = { error: { code: string; message: string } };

/** A stick that exists as a file only, as a block device of the kernel. */
class LoopStick {
  readonly device: string;
  readonly #file: string;
  readonly #folder: string;

  private constructor(device: string, file: string, folder: string) {
    this.device = device;
    this.#file = file;
    this.#folder = folder;
  }

  static async plug(folder: string, name: string, ...mkfs: string[]): Promise<LoopStick> {
    const file = join(folder, name);
    await writeFile(file, "");
    await truncate(file, STICK_BYTES);
    const [program, ...args] = mkfs;
    if (program !== undefined) await runTool(program, [...args, file]);
    const device = (await runTool("losetup", ["--find", "--show", file])).trim();
    return new LoopStick(device, file, join(folder, `${name}.mnt`));
  }

  /** Does something with what is on it, as another computer would. */
  async look<T>(work: (folder: string) => Promise<T>): Promise<T> {
    await mkdir(this.#folder, { recursive: true });
    await runTool("mount", [this.device, this.#folder]);
    try {
      return await work(this.#folder);
    } finally {
      await runTool("umount", [this.#folder]);
    }
  }

  async pull(): Promise<void> {
    await runTool("losetup", ["--detach", this.device]);
    await rm(this.#file);
  }
}

describe("kms-box backup usb", function () {
  this.timeout(300_000);
  let folder: string;
  let data: string;
  let config: string[];
  let box: BoxProcess;
  let stick: LoopStick;

  before(async () => {
    await ensurePackages({
      "mkfs.vfat": "dosfstools",
      "mkfs.ext4": "e2fsprogs",
      losetup: "mount",
      blkid: "util-linux",
      age: "age",
    });
    folder = await temporaryFolder();
    data = join(folder, "data");
    const identity = join(folder, "identity");
    await runTool("age-keygen", ["-o", identity]);
    const recipient = (await runTool("age-keygen", ["-y", identity])).trim();
    const file = join(folder, "config.json");
    await writeFile(file, JSON.stringify({ data, backup: { keep: 3, recipient } }));
    config = ["--config", file];
    box = await BoxProcess.start({ data, demo: true });
    // A kernel that cannot mount FAT has ext4, on which all but the lack of owners can be tried.
    const known = await readFile("/proc/filesystems", "utf8");
    const mkfs = known.includes("vfat") ? ["mkfs.vfat", "-n"] : ["mkfs.ext4", "-q", "-L"];
    console.log(`    a stick made by ${mkfs[0]}`);
    stick = await LoopStick.plug(folder, "stick", ...mkfs, "KMSBOX");
  });
  after(async () => {
    await stick.pull();
    await box.stop();
    await rm(folder, { recursive: true });
  });

  const usb = (place: string, ...args: string[]) =>
    runProgram("kms-box", ["backup", "usb", place, "--json", ...(args.length ? args : config)]);
  const filesOn = (one: LoopStick) =>
    one.look(async (path) =>
      (await readdir(path))
        .filter((name) => name !== "lost+found" && !name.startsWith("full"))
        .sort(),
    );
  /** Pages turn every six seconds. */
  const panelSays = async (what: RegExp) => {
    for (let tries = 0; tries < 100; tries++) {
      const lines = (await new AdminClient(data).panel()).lines.join(" ");
      if (what.test(lines)) return;
      await sleep(300);
    }
    assert.fail(`the panel never says ${what}`);
  };

  it("writes onto a stick, takes it out again and tells so", async () => {
    const made = await usb(stick.device);
    assert.equal(made.status, 0, made.stdout + made.stderr);
    const { file } = made.json<{ file: string }>();
    assert.match(file, NAME);
    assert.deepEqual(await filesOn(stick), [file]);
    assert.ok(!(await readFile("/proc/mounts", "utf8")).includes(stick.device));
    const { events } = await new AdminClient(data).events({ name: "backup-made" });
    assert.equal(events.at(-1)?.details.file, file);
    await panelSays(/BACKUP MADE.*pull the USB stick/i);
    const inspected = await stick.look((path) =>
      runProgram("kms-box", [
        ...["backup", "inspect", join(path, file), "--identity", join(folder, "identity")],
        "--json",
      ]),
    );
    assert.equal(inspected.status, 0, inspected.stdout);
    assert.deepEqual(inspected.json().settings, ["configuration"]);
  });

  it("keeps the last three of this box, and everything else", async () => {
    const [first = ""] = await filesOn(stick);
    const box8 = first.slice(0, "kms-box-00000000".length);
    const old = ["20200101", "20200102", "20200103"].map((day) => `${box8}-${day}t000000z.age`);
    const foreign = [
      "holiday.jpg",
      "kms-box-ffffffff-20200101t000000z.age",
      `${box8}-20200101t000000z.age.bak`,
    ];
    await stick.look(async (path) => {
      for (const name of [...old, ...foreign]) await writeFile(join(path, name), "old");
      await writeFile(join(path, "kms-box-unfinished.tmp.x.tmp"), "cut");
      await mkdir(join(path, `${box8}-20190101t000000z.age`));
    });
    // Names tell the time to the second.
    await sleep(1100);
    const made = await usb(stick.device);
    const { file, removed } = made.json<{ file: string; removed: string[] }>();
    assert.deepEqual(
      await filesOn(stick),
      [...foreign, `${box8}-20190101t000000z.age`, ...old.slice(2), first, file].sort(),
    );
    assert.deepEqual(removed, old.slice(0, 2));
  });

  it("makes room for nothing that is older than what it wrote, whatever the clock says", async () => {
    const [name = ""] = (await filesOn(stick)).filter((each) => NAME.test(each));
    const box8 = name.slice(0, "kms-box-00000000".length);
    await stick.look(async (path) => {
      for (const year of [2090, 2091, 2092]) {
        await writeFile(join(path, `${box8}-${year}0101t000000z.age`), "later");
      }
    });
    const { file } = (await usb(stick.device)).json<{ file: string }>();
    const left = await filesOn(stick);
    assert.ok(left.includes(file), left.join(" "));
    assert.ok(left.includes(`${box8}-20920101t000000z.age`));
  });

  it("writes into a folder where a stick is mounted, and leaves it there", async () => {
    const mounted = join(folder, "mounted");
    await mkdir(mounted);
    const made = await usb(mounted);
    assert.deepEqual(await readdir(mounted), [made.json().file]);
    assert.equal((await stat(join(mounted, String(made.json().file)))).mode & 0o777, 0o600);
  });

  it("leaves nothing behind on a stick that is full, and tells so", async () => {
    // What a file system keeps in hand while it is mounted is free again at the next time.
    for (const name of ["full", "fuller", "fullest"]) {
      await stick.look((path) => runTool("sh", ["-c", FILL, "fill", `${path}/${name}`]));
    }
    const failed = await usb(stick.device);
    assert.equal(failed.status, 1);
    assert.match(failed.json<Refusal>().error.message, /the file system is full/);
    assert.ok(!(await filesOn(stick)).some((name) => name.includes("unfinished")));
    assert.ok(!(await readFile("/proc/mounts", "utf8")).includes(stick.device));
    await panelSays(/BACKUP FAILED/i);
    const { events } = await new AdminClient(data).events({ name: "backup-failed" });
    assert.match(String(events.at(-1)?.details.reason), /full/);
  });

  it("says what is wrong with a stick or the configuration", async () => {
    const blank = await LoopStick.plug(folder, "blank");
    const refused = await usb(blank.device);
    assert.equal(refused.json<Refusal>().error.code, "stick-unusable");
    assert.match(refused.json<Refusal>().error.message, /no file system.*FAT32.*KMSBOX/s);
    await blank.pull();
    const none = await usb("/dev/none");
    assert.match(none.json<Refusal>().error.message, /no stick at \/dev\/none \(ENOENT\)/);
    const odd = await usb("/dev/null");
    assert.match(odd.json<Refusal>().error.message, /neither a device.*nor a folder/);
    const unset = await usb(stick.device, "--data", data);
    assert.equal(unset.json<Refusal>().error.code, "backup-not-configured");
    assert.match(unset.json<Refusal>().error.message, /backup\.recipient.*backup\.passphraseFile/);
  });
});
