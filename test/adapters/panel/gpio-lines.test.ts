import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { loadOnoff } from "../../../src/adapters/panel/gpio-driver.ts";
import { absentBy, GpioError, gpioErrorFrom } from "../../../src/adapters/panel/gpio-failures.ts";
import { headerBase } from "../../../src/adapters/panel/gpio-lines.ts";
import { PinsUnreadableError, readPins } from "../../../src/adapters/panel/read-pins.ts";
import { GpioRig, systemError } from "./gpio-rig.ts";

let rig: GpioRig;
beforeEach(() => {
  rig = new GpioRig();
});
afterEach(() => rig.remove());

const rejectsWith = (code: string, message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof GpioError);
  assert.equal(error.code, code);
  assert.match(error.message, message);
  return true;
};

describe("the header's lines", () => {
  it("begin where the kernel has put them, on each board", async () => {
    for (const [label, base] of [
      ["pinctrl-bcm2835", 0],
      ["pinctrl-bcm2711", 512],
      ["pinctrl-rp1", 571],
    ] as const) {
      rmSync(join(rig.folder, "gpiochip512"), { recursive: true, force: true });
      rig.addChip(`chip-${base}`, label, base, 54);
      rmSync(join(rig.folder, "gpiochip-header"), { recursive: true, force: true });
      rig.addChip("gpiochip-header", label, base, 54);
      assert.equal(await headerBase(rig.folder), base);
    }
  });

  it("are never those of another chip of the board", async () => {
    rig.addChip("gpiochip100", "raspberrypi-exp-gpio", 100, 54);
    rig.addChip("gpiochip200", "gpio-brcmstb@107d508500", 200, 54);
    assert.equal(await headerBase(rig.folder), 512);
    rmSync(join(rig.folder, "gpiochip512"), { recursive: true });
    await assert.rejects(
      headerBase(rig.folder),
      rejectsWith("no-header", /found: raspberrypi-exp-gpio, gpio-brcmstb@107d508500/),
    );
  });

  it("are those of the chip that has enough of them, and of the first such", async () => {
    rig.addChip("gpiochip300", "pinctrl-rp1", 300, 27);
    rig.addChip("gpiochip571", "pinctrl-rp1", 571, 54);
    assert.equal(await headerBase(rig.folder), 512);
    rmSync(join(rig.folder, "gpiochip512"), { recursive: true });
    assert.equal(await headerBase(rig.folder), 571);
  });

  it("are not looked for in a chip that goes away meanwhile", async () => {
    mkdirSync(join(rig.folder, "gpiochip1"));
    assert.equal(await headerBase(rig.folder), 512);
  });

  it("are nowhere on a machine without GPIO", async () => {
    await assert.rejects(
      headerBase(join(rig.folder, "absent")),
      rejectsWith("no-gpio", /"panel": false/),
    );
    rmSync(join(rig.folder, "gpiochip512"), { recursive: true });
    await assert.rejects(headerBase(rig.folder), rejectsWith("no-header", /found: none/));
  });
});

describe("a failure of a pin", () => {
  const failures = [
    ["EACCES", "no-permission", /group gpio/],
    ["EPERM", "no-permission", /group gpio/],
    ["EROFS", "read-only", /ProtectKernelTunables/],
    ["EBUSY", "pin-in-use", /overlay.*config\.txt/],
    ["EINVAL", "pin-unusable", /does not know it/],
    ["EIO", "pin-unusable", /cannot use it so/],
    ["ENOENT", "pin-unusable", /does not offer it/],
    ["EMFILE", "gpio-failed", /EMFILE/],
  ] as const;
  for (const [code, expected, message] of failures) {
    it(`is ${expected} where the system says ${code}, and says what to do`, () => {
      const cause = systemError(code);
      const error = gpioErrorFrom(cause, "GPIO 17 (pin 11)");
      assert.equal(error.code, expected);
      assert.match(error.message, /^GPIO 17 \(pin 11\): /);
      assert.match(error.message, message);
      assert.equal(error.cause, cause);
      assert.equal(error.name, "GpioError");
    });
  }

  it("may be anything that was thrown, and stays what it is once translated", () => {
    assert.equal(gpioErrorFrom("odd", "The LEDs").message, "The LEDs: odd");
    const error = new GpioError("no-driver", "Install it.");
    assert.equal(gpioErrorFrom(error, "The LEDs"), error);
    assert.deepEqual(absentBy(error, "The LEDs"), {
      state: "absent",
      code: "no-driver",
      reason: "Install it.",
    });
  });
});

describe("the library that drives the pins", () => {
  it("is loaded where it could be built, and is missed with a reason elsewhere", async () => {
    try {
      assert.equal(typeof (await loadOnoff()), "function");
    } catch (error) {
      assert.ok(error instanceof GpioError && error.code === "no-driver");
    }
  });
});

describe("the list of pins", () => {
  const file = (text: string) => {
    const path = join(rig.folder, "pins.json");
    writeFileSync(path, text);
    return pathToFileURL(path);
  };

  it("is the one that comes with the program", async () => {
    const pins = await readPins();
    assert.deepEqual(pins.display, { bus: 1, address: 0x3c });
    assert.equal(pins.button.activeLow, true);
    const leads = [pins.button, ...Object.values(pins.leds)];
    assert.equal(new Set(leads.map(({ gpio }) => gpio)).size, 5);
    assert.equal(new Set(leads.map(({ pin }) => pin)).size, 5);
  });

  it("is refused if it is missing, cut off or lacks something, and the file is named", async () => {
    const wrong = (text: string) =>
      assert.rejects(readPins(file(text)), (error) => {
        assert.ok(error instanceof PinsUnreadableError);
        assert.match(error.message, /pins\.json .*Restore it/s);
        return true;
      });
    await wrong("{");
    await wrong("{}");
    const whole = JSON.stringify({ ...(await readPins()), display: { bus: 1, address: "0x3c" } });
    assert.equal((await readPins(file(whole))).display.address, 0x3c);
    await wrong(whole.replace('"gpio":17', '"gpio":28'));
    await wrong(whole.replace("0x3c", "0xff"));
    await assert.rejects(readPins(new URL("file:///absent/pins.json")), /ENOENT.*Restore it/s);
  });
});
