import assert from "node:assert/strict";
import { isForgetful } from "../../../src/adapters/setup/system-facts.ts";

const PROC = "proc /proc proc rw,nosuid 0 0";
const overlay = (upper: string) =>
  `overlay / overlay rw,relatime,lowerdir=/lower,upperdir=${upper},workdir=/work 0 0`;

describe("whether a system forgets at a restart what is written to it", () => {
  const systems: [what: string, mounts: string[], forgets: boolean][] = [
    ["an SD card", [PROC, "/dev/mmcblk0p2 / ext4 rw,noatime 0 0"], false],
    ["a read-only SD card", ["/dev/mmcblk0p2 / ext4 ro,noatime 0 0"], false],
    ["Raspberry Pi OS with its overlay turned on", [overlay("/upper/data"), PROC], true],
    [
      "overlayroot in memory",
      ["tmpfs-root /media/root-rw tmpfs rw 0 0", overlay("/media/root-rw/overlay")],
      true,
    ],
    [
      "an overlay on a partition of its own",
      [overlay("/media/root-rw/overlay"), "/dev/mmcblk0p3 /media/root-rw ext4 rw 0 0"],
      false,
    ],
    [
      "a folder of a like name",
      ["/dev/sda1 /media/root ext4 rw 0 0", overlay("/media/root-rw/x")],
      true,
    ],
    ["a live system", ["tmpfs / tmpfs rw 0 0"], true],
    ["a root that was mounted over", [overlay("/upper"), "/dev/sda1 / ext4 rw 0 0"], false],
    ["nothing that tells", [], false],
  ];
  for (const [what, mounts, forgets] of systems) {
    it(`is ${forgets ? "so" : "not so"} of ${what}`, () => {
      assert.equal(isForgetful(mounts.join("\n")), forgets);
    });
  }
});
