import assert from "node:assert/strict";
import { isOtherMachine, takePrint } from "../../src/client/fingerprint.ts";
import { type MachineSource, readMachineIdentifiers } from "../../src/client/machine.ts";

const source = (
  over: Partial<MachineSource> & { files?: Record<string, string> },
): MachineSource => ({
  platform: "linux",
  env: {},
  read: async (path) => over.files?.[path],
  list: async (path) => {
    const below = Object.keys(over.files ?? {}).filter((file) => file.startsWith(`${path}/`));
    return [...new Set(below.map((file) => file.slice(path.length + 1).split("/")[0] ?? ""))];
  },
  run: async () => undefined,
  ...over,
});

const NET = "/sys/class/net";

describe("the identifiers of a machine", () => {
  it("are the board's, the system's and its real adapters' on Linux", async () => {
    const files = {
      "/sys/class/dmi/id/product_uuid": "4C4C4544-0042\n",
      "/etc/machine-id": "abc\n",
      [`${NET}/eth0/addr_assign_type`]: "0\n",
      [`${NET}/eth0/device/vendor`]: "1",
      [`${NET}/eth0/address`]: "02:00:00:00:00:01\n",
      [`${NET}/docker0/addr_assign_type`]: "0",
      [`${NET}/docker0/address`]: "02:42:00:00:00:01",
      [`${NET}/wlan0/addr_assign_type`]: "1",
      [`${NET}/wlan0/device/vendor`]: "1",
      [`${NET}/wlan0/address`]: "06:00:00:00:00:01",
    };
    assert.deepEqual(await readMachineIdentifiers(source({ files })), {
      hardware: ["4c4c4544-0042"],
      os: ["abc"],
      network: ["02:00:00:00:00:01"],
    });
  });

  it("are a single-board computer's serial number and the message bus's id where there is no other", async () => {
    const files = {
      "/sys/firmware/devicetree/base/serial-number": "10000000abcdef01\0",
      "/var/lib/dbus/machine-id": "def",
    };
    const { hardware, os } = await readMachineIdentifiers(source({ files }));
    assert.deepEqual([hardware, os], [["10000000abcdef01"], ["def"]]);
  });

  it("leave out what boards say that have no number of their own", async () => {
    for (const uuid of [
      "00000000-0000-0000-0000-000000000000",
      "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
      "03000200-0400-0500-0006-000700080009",
      "To be filled by O.E.M.",
    ]) {
      const files = { "/sys/class/dmi/id/product_uuid": uuid };
      assert.deepEqual((await readMachineIdentifiers(source({ files }))).hardware, []);
    }
  });

  it("are the platform's UUID on macOS", async () => {
    const run = async () => '    "IOPlatformUUID" = "1A2B-3C"\n';
    const ids = await readMachineIdentifiers(source({ platform: "darwin", run }));
    assert.deepEqual(ids, { hardware: ["1a2b-3c"], os: [], network: [] });
  });

  it("are the firmware's and the system's UUID on Windows", async () => {
    const run = async (_: string, [, key, , name]: readonly string[]) =>
      `\r\n${key}\r\n    ${name}    REG_SZ    {${name}-1}\r\n\r\n`;
    const ids = await readMachineIdentifiers(source({ platform: "win32", run }));
    assert.deepEqual(ids, { hardware: ["{lastconfig-1}"], os: ["{machineguid-1}"], network: [] });
  });

  it("are none where nothing can be read", async () => {
    for (const platform of ["linux", "darwin", "win32"]) {
      const ids = await readMachineIdentifiers(source({ platform }));
      assert.deepEqual(ids, { hardware: [], os: [], network: [] });
    }
  });

  it("can be given for a demonstration", async () => {
    const env = { KMS_CLIENT_MACHINE_ID: "demo-7" };
    assert.deepEqual((await readMachineIdentifiers(source({ env }))).hardware, ["demo-7"]);
  });

  it("can be read on this machine", async () => {
    const ids = await readMachineIdentifiers();
    assert.ok(Array.isArray(ids.hardware));
  });
});

describe("a machine's print", () => {
  const here = { hardware: ["h"], os: ["o"], network: ["n", "m"] };
  const print = takePrint(here, "salt");

  it("shows none of the identifiers and depends on the salt", () => {
    assert.match(print.fingerprint, /^[\w-]{43}$/);
    assert.ok(!JSON.stringify(print.identifiers).includes('"h"'));
    assert.notEqual(takePrint(here, "pepper").fingerprint, print.fingerprint);
  });

  const same: [string, object][] = [
    ["it is the same", {}],
    ["the board's number is for root only", { hardware: [] }],
    ["an adapter was replaced", { network: ["x"] }],
    [
      "an adapter was taken out, and the board's number is for root only",
      { hardware: [], network: ["m"] },
    ],
    ["nothing at all can be read", { hardware: [], os: [], network: [] }],
  ];
  for (const [what, now] of same) {
    it(`is of this machine when ${what}`, () => {
      assert.equal(isOtherMachine(print, { ...here, ...now }), false);
    });
  }

  const other: [string, object][] = [
    ["the board is another", { hardware: ["x"] }],
    ["the system is another", { os: ["x"] }],
    [
      "no adapter is the same, and the board's number is for root only",
      { hardware: [], network: ["x"] },
    ],
  ];
  for (const [what, now] of other) {
    it(`is of another machine when ${what}`, () => {
      assert.equal(isOtherMachine(print, { ...here, ...now }), true);
    });
  }
});
