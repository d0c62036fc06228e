import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { setBench } from "./bench.ts";
import { bootReport, bootTimes } from "./boot-times.ts";
import { Box } from "./box.ts";
import type { Computer } from "./computer.ts";

const MINUTE_MS = 60_000;
const CLIENTS = 25;
const MOST_RESIDENT_KB = 80 * 1024;
/** A display that comes after the box is looked for every half minute. */
const PANEL_WITHIN_MS = 3 * MINUTE_MS;
const REST_SECONDS = 60;
/** What the clients' rush took is given back by and by, the more slowly the busier the emulator is. */
const SETTLED_WITHIN_MS = 4 * MINUTE_MS;
const SETTLING_STEP_MS = 10_000;

describe("A fresh Debian that becomes a box", function () {
  this.timeout(10 * MINUTE_MS);
  this.bail(true);
  const bench = setBench("install");
  let computer: Computer;
  let box: Box;

  before(() => {
    computer = bench.computer;
  });

  /** Where a machine of the office keeps its key and its lease. */
  const state = (n: number, folder = "/var/tmp") => `${folder}/pc-${n}`;

  /** One machine of the office, as its administrator would ask by hand. */
  const ask = (n: number, folder = state(n)) =>
    `KMS_CLIENT_MACHINE_ID=pc-${n} kms-client activate --state ${folder} --host 127.0.0.1 ` +
    "--product editor --vendor-key /root/vendor.pub.jwk --json";

  /** What is left of a file's last block takes some records yet. */
  const refusesToStore = async () => {
    const asked = `for n in $(seq 20); do ${ask(1, state(1, "/dev/shm"))} || break; done 2>&1`;
    const { stdout } = await computer.guest.attempt(asked, { timeoutMs: 5 * MINUTE_MS });
    assert.match(stdout, /storage-failed/);
    await computer.panel.lights("red", "steady");
  };

  /** By itself, and within half a minute. */
  const storesAgain = async () => {
    const renewed = `until ${ask(1, state(1, "/dev/shm"))}; do sleep 2; done`;
    await computer.guest.run(renewed, { timeoutMs: 2 * MINUTE_MS });
    await computer.panel.lights("red", "off");
    await computer.panel.lights("green", "steady");
  };

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
    await computer.panel.shows(/LICEN[CS]E/, PANEL_WITHIN_MS);
    await box.license(bench.vendor);
    await computer.panel.shows(/^0 of 25$/m, PANEL_WITHIN_MS);
  });

  it(`counts to ${CLIENTS}, and activates, machines that ask`, async () => {
    const others = `kms-box demo ${CLIENTS - 1} --product editor --pause 0 --json`;
    const first = await computer.guest.attempt(others, { timeoutMs: 5 * MINUTE_MS });
    assert.equal(first.status, 3, first.stdout + first.stderr);
    assert.match(await computer.guest.run(ask(1), { timeoutMs: MINUTE_MS }), /"activated"/);
    // Those that were too few come again, and are activated as well.
    await computer.guest.run(others, { timeoutMs: 5 * MINUTE_MS });
    await computer.panel.shows(/^25 of 25$/m, PANEL_WITHIN_MS);
    await computer.panel.lights("green", "steady");
  });

  it("is small and quiet at rest", async () => {
    const began = performance.now();
    let memory = await box.memoryKb();
    while (memory.all > MOST_RESIDENT_KB && performance.now() - began < SETTLED_WITHIN_MS) {
      await sleep(SETTLING_STEP_MS);
      memory = await box.memoryKb();
    }
    const before = await box.cpuTicks();
    await sleep(REST_SECONDS * 1000);
    const share = ((await box.cpuTicks()) - before) / REST_SECONDS;
    const { all, files } = await box.memoryKb();
    const megabytes = (kb: number) => `${(kb / 1024).toFixed(1)} MB`;
    console.log(
      `      resident ${megabytes(all)}, of which ${megabytes(files)} are files such as Node's own; ` +
        `${share.toFixed(2)} % of an emulated processor`,
    );
    assert.ok(all <= MOST_RESIDENT_KB, `${all} kB`);
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
    await computer.panel.shows(/^25 of 25$/m, PANEL_WITHIN_MS);
  });

  it("is started anew when it hangs", async () => {
    const pid = await box.property("MainPID");
    await computer.guest.run(`kill -STOP ${pid}`);
    const status = await box.answers(({ lastStart }) => lastStart === "watchdog");
    assert.equal(status.clients, CLIENTS);
    assert.notEqual(await box.property("MainPID"), pid);
  });

  it("counts nobody while its disk is full, and goes on when there is room", async () => {
    // The box has this disk to itself: the client's own state is elsewhere.
    await computer.guest.run(`cp -a ${state(1)} /dev/shm/`);
    await computer.guest.attempt("cat /dev/zero > /var/fill; sync", { timeoutMs: 5 * MINUTE_MS });
    await refusesToStore();
    await computer.guest.run("rm /var/fill; sync");
    await storesAgain();
  });

  it("counts nobody while its file system is read-only, and goes on when it is not", async () => {
    // As the kernel does when a card fails: open files are shut out too.
    await computer.guest.run("echo u > /proc/sysrq-trigger; sleep 2");
    await refusesToStore();
    assert.equal((await box.status()).clients, CLIENTS);
    await computer.guest.run("mount -o remount,rw /");
    await storesAgain();
  });
});
