import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { bootReport, bootTimes } from "./boot-times.ts";
import { Box } from "./box.ts";
import { Computer } from "./computer.ts";
import { buildPackage } from "./packages.ts";
import { Vendor } from "./vendor.ts";

const MINUTE_MS = 60_000;
const CLIENTS = 25;
const MOST_RESIDENT_KB = 80 * 1024;
const REST_SECONDS = 60;

describe("A fresh Debian that becomes a box", function () {
  this.timeout(10 * MINUTE_MS);
  this.bail(true);
  let folder: string;
  let computer: Computer;
  let vendor: Vendor;
  let box: Box;

  before(async function () {
    this.timeout(25 * MINUTE_MS);
    folder = await mkdtemp(join(tmpdir(), "kms-package-"));
    const file = await buildPackage(folder);
    vendor = await Vendor.create();
    computer = await Computer.create("install", [file]);
    await computer.boot();
  });

  afterEach(async function () {
    if (this.currentTest?.isFailed()) await computer.keepEvidence();
  });

  after(async () => {
    await computer?.dispose();
    await vendor?.remove();
    await rm(folder, { recursive: true, force: true });
  });

  const switchOn = async () => {
    await computer.boot();
    box = new Box(computer.guest);
    return bootTimes(computer.guest);
  };

  it("has the box by one command, served by an ordinary user", async () => {
    assert.notEqual((await computer.guest.attempt("which node")).status, 0);
    await computer.install("*.deb");
    box = new Box(computer.guest);
    const status = await box.answers();
    assert.equal(status.lastStart, "first start");
    const pid = await box.property("MainPID");
    assert.equal(
      (await computer.guest.run(`ps -o user= -p ${pid} || stat -c %U /proc/${pid}`)).trim(),
      "kms-box",
    );
    assert.equal(
      (await computer.guest.run("stat -c '%U %a' /var/lib/kms-box")).trim(),
      "kms-box 700",
    );
  });

  it("says on its panel that it wants a licence, and takes one", async () => {
    await computer.panel.shows(/LICEN[CS]E/);
    await box.license(vendor);
    await computer.panel.shows(/^0 of 25$/m);
  });

  it(`counts to ${CLIENTS}, and activates, machines that ask`, async () => {
    const asks = (n: number) =>
      `KMS_CLIENT_MACHINE_ID=pc-${n} kms-client activate --state /var/tmp/pc-${n} --host 127.0.0.1 ` +
      "--product editor --vendor-key /root/vendor.pub.jwk --json";
    const all = Array.from(
      { length: CLIENTS },
      (_, n) => `${asks(n + 1)} > /var/tmp/answer-${n + 1}`,
    );
    await computer.guest.attempt(all.join("\n"), { timeoutMs: 8 * MINUTE_MS });
    const last = await computer.guest.run(`cat /var/tmp/answer-${CLIENTS}`);
    assert.match(last, /"activated"/, last);
    await computer.panel.shows(/^25 of 25$/m);
    await computer.panel.lights("green", "steady");
  });

  it("is small and quiet at rest", async () => {
    const pid = await box.property("MainPID");
    const ticks = async () => {
      const fields = (await computer.guest.read(`/proc/${pid}/stat`))
        .replace(/.*\) /, "")
        .split(" ");
      return Number(fields[11]) + Number(fields[12]);
    };
    const before = await ticks();
    await sleep(REST_SECONDS * 1000);
    const percent = (await ticks()) - before;
    const rss = Number(
      /VmRSS:\s+(\d+)/.exec(await computer.guest.read(`/proc/${pid}/status`))?.[1],
    );
    const share = (percent / REST_SECONDS).toFixed(2);
    console.log(
      `      resident ${(rss / 1024).toFixed(1)} MB; ${share} % of an emulated processor`,
    );
    assert.ok(rss <= MOST_RESIDENT_KB, `${rss} kB`);
  });

  it("is there again after a reboot, with all that it had", async () => {
    const before = await box.status();
    await computer.shutdown();
    const times = await switchOn();
    console.log(`      ${(await bootReport(computer.guest, times)).replaceAll("\n", "\n      ")}`);
    const status = await box.answers();
    assert.equal(status.host, before.host);
    assert.equal(status.clients, CLIENTS);
    assert.equal(status.lastStart, "machine restart");
    await computer.panel.shows(/^25 of 25$/m);
  });

  it("is started anew when it hangs", async () => {
    const pid = await box.property("MainPID");
    await computer.guest.run(`kill -STOP ${pid}`);
    const status = await box.answers(({ lastStart }) => lastStart === "watchdog");
    assert.equal(status.clients, CLIENTS);
    assert.notEqual(await box.property("MainPID"), pid);
  });

  it("goes on when its disk is full, and counts again when there is room", async () => {
    const renew = () =>
      computer.guest.attempt(
        "KMS_CLIENT_MACHINE_ID=pc-1 kms-client activate --state /var/tmp/pc-1 --host 127.0.0.1 --product editor --json",
      );
    await computer.guest.run("mkdir -p /dev/shm/pc; cp -a /var/tmp/pc-1 /dev/shm/");
    await computer.guest.attempt("cat /dev/zero > /var/fill 2>/dev/null; sync");
    const full = await renew();
    assert.notEqual(full.status, 0, full.stdout);
    await computer.guest.run(
      "rm /var/fill; rm -rf /var/tmp/pc-1; cp -a /dev/shm/pc-1 /var/tmp/; sync",
    );
    await box.answers(() => true);
    const { status, stdout, stderr } = await renew();
    assert.equal(status, 0, stdout + stderr);
  });

  it("goes on when its file system turns read-only, and counts again once it is not", async () => {
    await computer.guest.run("mount -o remount,ro / 2>/dev/null || echo u > /proc/sysrq-trigger");
    assert.equal((await box.status()).clients, CLIENTS);
    await computer.guest.run("mount -o remount,rw /");
    await box.command("status");
  });

  it("leaves nothing behind when it is purged", async () => {
    await computer.guest.run("apt-get purge --yes kms-box 2>&1", { timeoutMs: 5 * MINUTE_MS });
    const left = await computer.guest.attempt(
      "find / -xdev -iname '*kms-box*' -not -path '/proc/*' -not -path '/srv/*' -not -path '/var/cache/apt/*' -not -path '/var/log/*'; getent passwd kms-box",
    );
    assert.equal(left.stdout, "", left.stdout);
  });
});
