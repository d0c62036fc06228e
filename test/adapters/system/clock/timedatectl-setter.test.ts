import assert from "node:assert/strict";
import { mkdtemp, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TimedatectlSetter } from "../../../../src/adapters/system/clock/timedatectl-setter.ts";
import type { ProgramAnswer } from "../../../../src/adapters/system/run-program.ts";

const TIME_MS = Date.UTC(2030, 0, 31, 14, 5, 9);

describe("setting the machine's clock", () => {
  let ran: string[];
  beforeEach(() => {
    ran = [];
  });

  const set = (isRoot: boolean, ...answers: Partial<ProgramAnswer>[]) => {
    const run = async (program: string, args: readonly string[]) => {
      ran.push([program, ...args].join(" "));
      return { status: 1, stdout: "", stderr: "", ...answers.shift() };
    };
    return new TimedatectlSetter({ run, isRoot }).set(TIME_MS);
  };
  const SET = "timedatectl --no-ask-password set-time @1896098709";
  const NO_BUS = { stderr: "Failed to connect to bus: No such file or directory\n" };

  it("is done by timedatectl, without asking for a password", async () => {
    await set(false, { status: 0 });
    assert.deepEqual(ran, [SET]);
  });

  it("tells a user who may not what to type", async () => {
    for (const answer of [
      { stderr: "Failed to set time: Interactive authentication required.\n" },
      { stderr: "Failed to set time: Access denied\n" },
      NO_BUS,
      { status: null },
    ]) {
      await assert.rejects(set(false, answer), {
        code: "clock-not-permitted",
        message:
          "This user may not set the machine's clock. Type: sudo timedatectl set-time " +
          '"2030-01-31 14:05:09 UTC", and then: kms-box clock trust.',
      });
    }
    assert.ok(ran.every((line) => line === SET));
  });

  it("is done by date where root has no systemd", async () => {
    await set(true, NO_BUS, { status: 0 });
    assert.deepEqual(ran, [SET, "date --utc --set=@1896098709"]);
    const fault = { code: "clock-not-permitted" };
    await assert.rejects(
      set(true, NO_BUS, { stderr: "date: cannot set date: Operation not permitted" }),
      fault,
    );
  });

  it("lets the next start of the machine begin with it as well", async () => {
    const folder = await mkdtemp(join(tmpdir(), "kms-clock-"));
    const latestTimeFile = join(folder, "clock");
    const run = async () => ({ status: 0, stdout: "", stderr: "" });
    const mtimeAfter = async (fileSeconds: number, isRoot: boolean) => {
      await writeFile(latestTimeFile, "");
      await utimes(latestTimeFile, fileSeconds, fileSeconds);
      await new TimedatectlSetter({ run, isRoot, latestTimeFile }).set(TIME_MS);
      return (await stat(latestTimeFile)).mtimeMs;
    };
    const LATER_SECONDS = Date.UTC(2040, 5, 1) / 1000;
    assert.equal(await mtimeAfter(LATER_SECONDS, true), TIME_MS);
    assert.equal(await mtimeAfter(LATER_SECONDS, false), LATER_SECONDS * 1000);
    assert.equal(await mtimeAfter(1000, true), 1_000_000);
    await rm(folder, { recursive: true });
    await new TimedatectlSetter({ run, isRoot: true, latestTimeFile }).set(TIME_MS);
  });

  it("leaves a clock that NTP sets", async () => {
    const stderr = "Failed to set time: Automatic time synchronization is enabled\n";
    await assert.rejects(set(true, { stderr }), {
      code: "clock-not-set",
      message: /sudo timedatectl set-ntp false\.$/,
    });
  });

  it("tells any other failure in the program's words", async () => {
    await assert.rejects(set(true, { stderr: "Failed to set time: Odd.\n" }), {
      code: "clock-not-set",
      message: "The machine's clock could not be set: Failed to set time: Odd.",
    });
  });
});
