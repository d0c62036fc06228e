import assert from "node:assert/strict";
import { setBench } from "./bench.ts";
import { bootTimes } from "./boot-times.ts";
import { Box } from "./box.ts";
import type { BootOptions, Computer } from "./computer.ts";

const MINUTE_MS = 60_000;
const PANEL_WITHIN_MS = 3 * MINUTE_MS;
const ASK =
  "kms-client activate --state /var/tmp/pc --host 127.0.0.1 --product editor " +
  "--vendor-key /root/vendor.pub.jwk --json";

describe("An installed box whose battery clock is wrong", function () {
  this.timeout(10 * MINUTE_MS);
  this.bail(true);
  const bench = setBench("clock");
  let computer: Computer;
  let box: Box;

  before(async function () {
    this.timeout(15 * MINUTE_MS);
    computer = bench.computer;
    box = await bench.installBox();
    assert.match(
      (await computer.guest.attempt(`${ASK} 2>&1`)).stdout,
      /count-below-threshold|1 of 25/,
    );
    // A PC would be believed whatever its clock says; a Raspberry Pi is not.
    await bench.configure("50-clock.json", { clock: { trust: "rtc" } });
  });

  const switchOn = async (options: BootOptions = {}) => {
    await computer.cutPower();
    await computer.boot(options);
    box = new Box(computer.guest);
    await bootTimes(computer.guest);
  };

  for (const year of [1970, 2040]) {
    it(`waits for the right time, and forgets nobody, when it is started in ${year}`, async () => {
      await switchOn({ clock: `${year}-06-01T00:00:00` });
      const status = await box.answers();
      assert.equal(status.clock.trusted, false);
      assert.equal(status.clients, 1);
      await computer.panel.shows(/NO\s+CLOCK/, PANEL_WITHIN_MS);
      const { stdout } = await computer.guest.attempt(`${ASK} 2>&1`);
      assert.match(stdout, /clock-untrusted/);
    });
  }

  // systemd keeps the latest time it knew and starts with that: without time servers a person must help.
  it("goes on once its administrator has set the clock, and at the next start by itself", async () => {
    await switchOn();
    // Its time servers cannot be reached, and nobody but them sets the clock until they are turned off.
    await computer.guest.run("timedatectl set-ntp false");
    const now = new Date().toISOString();
    const set = await computer.guest.attempt(`kms-box clock set ${now} --yes 2>&1`);
    assert.equal(set.status, 0, set.stdout);
    const status = await box.answers(({ clock }) => clock.trusted);
    assert.equal(status.clients, 1);
    await computer.panel.shows(/^1 of 25$/m, PANEL_WITHIN_MS);
    await switchOn();
    await box.answers(({ clock }) => clock.trusted);
  });

  it("leaves nothing behind when it is purged", async () => {
    await computer.guest.run("apt-get purge --yes kms-box 2>&1", { timeoutMs: 5 * MINUTE_MS });
    const left = await computer.guest.attempt(
      "find / -xdev -iname '*kms-box*' -not -path '/srv/*' -not -path '/var/cache/apt/*'; " +
        "getent passwd kms-box",
    );
    assert.equal(left.stdout, "");
  });
});
