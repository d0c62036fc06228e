import assert from "node:assert/strict";
import { healthLines } from "../../src/cli/box/health.ts";
import type { HealthAnswer } from "../../src/web/api/health-schemas.ts";
import { BoxProcess, runProgram } from "../support/box-process.ts";

const ANSWER: HealthAnswer = {
  result: "ok",
  summary: "Everything is well.",
  findings: [
    { id: "wear", title: "Flash", result: "ok", evidence: "100 MB a day.", nextStep: null },
  ],
  flash: {
    device: "mmcblk0",
    fileSystem: "mmcblk0p2",
    sinceBootBytes: 30e6,
    sinceBootBytesPerDay: 60e6,
    sinceInstallBytes: 1e9,
    sinceInstallBytesPerDay: null,
    lifetimeBytes: 5e9,
    enduranceBytes: 30e12,
    leftDays: 800,
    errors: 0,
    freeBytes: 20e9,
  },
  lowVoltage: false,
  temperatureCelsius: 48,
  uptimeSeconds: 43_200,
};

describe("kms-box health", () => {
  it("shows the figures of the flash, and what is found", () => {
    assert.deepEqual(healthLines(ANSWER), [
      "Device                 mmcblk0, file system mmcblk0p2",
      "Up for                 12 hours",
      "Written since start    30 MB, 60 MB a day",
      "Written since install  1.0 GB",
      "Written in all         5.0 GB",
      "Endurance              30 TB",
      "Lasts for              800 days",
      "",
      "✓ Flash  100 MB a day.",
      "",
      "Everything is well.",
    ]);
  });

  it("says what it does not know", () => {
    const flash = {
      ...ANSWER.flash,
      device: null,
      sinceBootBytes: null,
      sinceBootBytesPerDay: null,
      enduranceBytes: null,
      leftDays: null,
    };
    const lines = healthLines({ ...ANSWER, flash });
    assert.equal(lines[0], "Device                 unknown");
    assert.equal(lines[2], "Written since start    unknown");
    assert.equal(lines[5], "Endurance              not stated");
    assert.equal(lines[6], "");
  });

  it("asks a running box, with an endurance of the moment", async () => {
    const box = await BoxProcess.start({ demo: true });
    const ask = (...args: string[]) =>
      runProgram("kms-box", ["health", "--data", box.data, "--json", ...args]);
    const told = await ask("--endurance", "30");
    const answer = told.json<HealthAnswer>();
    assert.equal(told.status, answer.result === "wrong" ? 1 : 0);
    assert.equal(answer.flash.enduranceBytes, 30e12);
    const ids = ["storage", "file-system", "wear", "power", "temperature", "last-start"];
    assert.deepEqual(
      answer.findings.map(({ id }) => id),
      ids,
    );
    assert.equal((await ask("--endurance", "none")).status, 2);
    assert.equal((await ask()).json<HealthAnswer>().flash.enduranceBytes, null);
    await box.stop();
    assert.equal((await ask()).status, 1);
  });
});
