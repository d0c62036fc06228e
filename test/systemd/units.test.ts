import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readPins } from "../../src/adapters/panel/read-pins.ts";
import { takeEndMark } from "../../src/adapters/system/end-mark.ts";
import { ConfigSchema } from "../../src/config/schema.ts";
import { RESTART_STATUS } from "../../src/main.ts";

const UNITS = join(process.cwd(), "systemd");
const unit = (name: string) => readFile(join(UNITS, name), "utf8");

/** Of the kernel's i2c-dev; the minor number is the bus's. */
const I2C_MAJOR = 89;

const AS_ROOT = [
  "kms-client.service",
  "kms-box-setup.service",
  "kms-box-upgrade-check.service",
  "kms-box-page-upgrade.service",
  "kms-box-page-install.service",
  "kms-box-usb-backup@.service",
];

/** All values of a setting, in their order. */
function values(text: string, name: string): string[] {
  return [...text.matchAll(new RegExp(`^${name}=(.*)$`, "gm"))].map(([, value = ""]) => value);
}

describe("the units", () => {
  it("give the display's bus, as the pins have it, and no other device", async () => {
    const { display } = await readPins();
    const device = `/dev/i2c-${display.bus}`;
    for (const name of ["kms-box", "kms-box-boot-picture", "kms-box-shutdown-picture"]) {
      const text = await unit(`${name}.service`);
      // A device named by its path is shut out for good from a service that starts before it is there.
      assert.deepEqual(values(text, "DeviceAllow"), [`/dev/char/${I2C_MAJOR}:${display.bus} rw`]);
      assert.deepEqual(values(text, "DevicePolicy"), ["closed"]);
    }
    assert.match(await unit("70-kms-box-panel.rules"), new RegExp(`KERNEL=="i2c-${display.bus}"`));
    const shutdown = await unit("kms-box-shutdown-picture.service");
    assert.deepEqual(values(shutdown, "ConditionPathExists"), [device]);
  });

  it("start a box again for ever, at once where it asks for that", async () => {
    const text = await unit("kms-box.service");
    assert.deepEqual(values(text, "RestartForceExitStatus"), [String(RESTART_STATUS)]);
    assert.deepEqual(values(text, "StartLimitIntervalSec"), ["0"]);
    assert.deepEqual(values(text, "Restart"), ["on-failure"]);
  });

  it("leave word for the next start why a box was killed, and of nothing else", async () => {
    const [line = ""] = values(await unit("kms-box.service"), "ExecStopPost");
    const script = /^\/bin\/sh -c '(.*)'$/.exec(line)?.[1]?.replaceAll("$$", "$") ?? "";
    const folder = await mkdtemp(join(tmpdir(), "kms-box-ended-"));
    const ended = (result: string) => {
      const env = { SERVICE_RESULT: result, STATE_DIRECTORY: folder };
      const { status, stderr } = spawnSync("/bin/sh", ["-c", script], { env, encoding: "utf8" });
      assert.deepEqual([status, stderr], [0, ""]);
      return takeEndMark(folder);
    };
    assert.equal(ended("watchdog"), "watchdog");
    assert.equal(ended("oom-kill"), "out of memory");
    for (const result of ["success", "exit-code", "signal", "timeout"]) {
      ended(result);
      assert.deepEqual(await readdir(folder), [], result);
    }
    await rm(folder, { recursive: true });
  });

  it("open a port for each kind of page, by the name under which the box looks for it", async () => {
    const { port: http, httpsPort: https } = ConfigSchema.properties.web.properties;
    for (const [name, schema] of Object.entries({ http, https })) {
      const { default: port } = schema as { readonly default?: number };
      const text = await unit(`kms-box-${name}.socket`);
      assert.deepEqual(values(text, "ListenStream"), [String(port)]);
      assert.deepEqual(values(text, "FileDescriptorName"), [name]);
      assert.deepEqual(values(text, "Service"), ["kms-box.service"]);
    }
    const sockets = (await readdir(UNITS)).filter((name) => name.endsWith(".socket"));
    const service = await unit("kms-box.service");
    assert.deepEqual(values(service, "Sockets").join(" ").split(" ").sort(), sockets.sort());
  });

  it("take the wish to be switched off from where the box puts it", async () => {
    const [folder] = values(await unit("kms-box.service"), "RuntimeDirectory");
    const wish = `/run/${folder}/power-off`;
    assert.deepEqual(values(await unit("kms-box-power-off.path"), "PathExists"), [wish]);
    const service = await unit("kms-box-power-off.service");
    assert.deepEqual(values(service, "ExecStart"), [`/usr/bin/rm ${wish}`]);
    assert.deepEqual(values(service, "SuccessAction"), ["poweroff"]);
  });

  it("run as the box's own user, but for client, setup, upgrade and USB backup, without any capability", async () => {
    const services = (await readdir(UNITS)).filter((name) => name.endsWith(".service"));
    for (const name of services.filter((each) => !AS_ROOT.includes(each))) {
      const text = await unit(name);
      if (!values(text, "DynamicUser").includes("yes")) {
        assert.deepEqual(values(text, "User"), ["kms-box"], name);
      }
      assert.deepEqual(values(text, "CapabilityBoundingSet"), [""], name);
    }
  });
});
