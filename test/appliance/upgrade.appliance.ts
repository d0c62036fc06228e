import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { setBench } from "./bench.ts";
import { Box, type BoxStatus } from "./box.ts";

const MINUTE_MS = 60_000;
const CUTS = 6;
const CLIENTS = 5;
const FORMER = "0.1.0";
const NEWER = "0.1.1";
/** Never gets ready. */
const BAD = "0.1.2";
/** The verdict waits a minute for the box, and another for the one before it; all is slow on a busy machine. */
const JUDGED_WITHIN_MS = 15 * MINUTE_MS;
const JUDGED = `test ! -e /var/lib/kms-box-upgrade/pending &&
  test "$(systemctl is-active kms-box-upgrade-check.service)" != activating`;

const fileOf = (version: string) => `kms-box_${version}_amd64.deb`;

describe("An upgrade of a box that can lose its power", function () {
  this.timeout(60 * MINUTE_MS);
  this.bail(true);
  const bench = setBench("upgrade", [
    ["--version", FORMER],
    ["--version", NEWER],
    ["--version", BAD, "--fault", "hang"],
  ]);
  /** What every version must know. */
  let kept: Pick<BoxStatus, "host" | "clients">;
  /** Measured by the first one. */
  let upgradeMs = 0;

  before(async () => {
    const box = await bench.installBox(fileOf(FORMER));
    // Too few to be activated, which is what its status 3 says.
    await bench.computer.guest.attempt(`kms-box demo ${CLIENTS} --product editor --pause 0`, {
      timeoutMs: 5 * MINUTE_MS,
    });
    const { host, clients } = await box.status();
    assert.equal(clients, CLIENTS);
    kept = { host, clients };
  });

  const judged = () =>
    bench.computer.guest.run(`until ${JUDGED}; do sleep 1; done`, { timeoutMs: JUDGED_WITHIN_MS });

  /** Once all is settled: the same box, whichever version it is. */
  async function settled(): Promise<BoxStatus> {
    const box = new Box(bench.computer.guest);
    await judged();
    const status = await box.answers();
    assert.deepEqual({ host: status.host, clients: status.clients }, kept);
    return status;
  }

  it("puts the newer version in use, and the former one when that is installed again", async () => {
    const began = performance.now();
    await bench.computer.install(fileOf(NEWER));
    upgradeMs = performance.now() - began;
    console.log(`      an upgrade takes ${Math.round(upgradeMs / 1000)} s in the emulator`);
    assert.equal((await settled()).version, NEWER);
    await bench.computer.install(fileOf(FORMER));
    assert.equal((await settled()).version, FORMER);
  });

  it("is taken back by the box itself where the newer version does not serve", async () => {
    await bench.computer.install(fileOf(BAD));
    const { version, failedUpgrade } = await settled();
    assert.deepEqual([version, failedUpgrade?.outcome], [FORMER, "rolled-back"]);
  });

  it(`ends in one of the two when the power is cut, at ${CUTS} moments, and needs nobody`, async () => {
    const { computer } = bench;
    const ends = new Set<string>();
    for (let cut = 0; cut < CUTS; cut++) {
      const from = (await settled()).version;
      const to = from === FORMER ? NEWER : FORMER;
      const installing = computer.install(fileOf(to)).catch(() => undefined);
      await sleep(((cut + 0.5) / CUTS) * upgradeMs);
      await computer.cutPower();
      await installing;

      await computer.boot();
      const { version } = await settled();
      assert.ok(version === from || version === to, version);
      ends.add(version === to ? "newer" : "former");
      console.log(`      cut ${cut + 1}, from ${from} to ${to}: ${version} serves`);
      // Apt refuses where dpkg was cut while it unpacked.
      await computer.guest.run(`dpkg --install /srv/code/${fileOf(to)} 2>&1`, {
        timeoutMs: 10 * MINUTE_MS,
      });
      assert.equal((await settled()).version, to);
    }
    console.log(`      ended in: ${[...ends].join(", ")}`);
    assert.ok(ends.has("former"), "some cut must come before the newer version is in use");
  });
});
