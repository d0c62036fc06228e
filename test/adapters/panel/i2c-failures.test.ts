import assert from "node:assert/strict";
import { I2cDriverMissingError, openI2cBus } from "../../../src/adapters/panel/i2c-bus.ts";
import { I2cStuckError } from "../../../src/adapters/panel/i2c-device.ts";
import { absenceFor } from "../../../src/adapters/panel/i2c-failures.ts";
import { smbusError } from "../../support/recording-bus.ts";

const PLACE = { bus: 1, address: 0x3c };

/** As Node gives it when the device file is opened. */
function openError(errno: number): Error {
  return Object.assign(new Error("cannot open"), { errno: -errno, syscall: "open" });
}

const cases: readonly [what: string, error: unknown, code: string, advice: RegExp][] = [
  ["EREMOTEIO of an SMBus call", smbusError(121), "no-answer", /0x3c on \/dev\/i2c-1.*wires/],
  ["EREMOTEIO of a plain call", smbusError(-121), "no-answer", /wires/],
  ["ENXIO of a call", smbusError(6), "no-answer", /wires/],
  ["ENODEV of a call", smbusError(19), "no-answer", /wires/],
  ["ENOENT", openError(2), "no-bus", /raspi-config.*dtparam=i2c_arm=on/],
  ["ENXIO when opening", openError(6), "no-bus", /raspi-config/],
  ["ENODEV when opening", openError(19), "no-bus", /raspi-config/],
  ["EACCES", openError(13), "no-permission", /group i2c/],
  ["EPERM", openError(1), "no-permission", /service's unit/],
  ["EBUSY", smbusError(16), "address-in-use", /overlay/],
  ["EOPNOTSUPP", smbusError(95), "not-supported", /another adapter/],
  ["ETIMEDOUT", smbusError(110), "bus-stuck", /SDA nor SCL/],
  ["EAGAIN", smbusError(11), "bus-stuck", /SDA nor SCL/],
  ["a time limit", new I2cStuckError("too long"), "bus-stuck", /SDA nor SCL/],
  ["a missing library", new I2cDriverMissingError("none"), "no-driver", /C\+\+ compiler/],
  ["EIO", smbusError(5), "bus-failed", /Unknown system error 5/],
  ["an error without a number", new Error("odd"), "bus-failed", /odd/],
  ["what is no error", undefined, "bus-failed", /undefined/],
];

describe("An error of the I2C bus", () => {
  for (const [what, error, code, advice] of cases) {
    it(`that is ${what} is told as ${code}, with what to do`, () => {
      const absence = absenceFor(error, PLACE);
      assert.equal(absence.state, "absent");
      assert.equal(absence.code, code);
      assert.match(absence.reason, advice);
    });
  }
});

describe("The library i2c-bus", () => {
  it("opens a bus that does not exist, and fails at first use with ENOENT", async function () {
    const bus = await openI2cBus(253).catch((error: unknown) => {
      assert.ok(error instanceof I2cDriverMissingError);
    });
    // A machine that could not build the library has shown what there is to show.
    if (!bus) return this.skip();
    await assert.rejects(bus.writeI2cBlock(0x3c, 0x00, 1, Buffer.from([0xe3])), (error) => {
      assert.equal(absenceFor(error, { bus: 253, address: 0x3c }).code, "no-bus");
      return true;
    });
    await bus.close();
  });
});
