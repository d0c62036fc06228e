import assert from "node:assert/strict";
import { Rig } from "./rig.ts";

const MINUTE_MS = 60_000;

/** Writes a picture of two squares and blinks an LED with the addons that the box uses. */
const PROBE = `
const { openSync } = require("i2c-bus");
const { Gpio } = require("onoff");
const bus = openSync(1);
const commands = [0xae, 0x8d, 0x14, 0x20, 0x02, 0xa1, 0xc8, 0xda, 0x12, 0xaf];
bus.writeI2cBlockSync(0x3c, 0x00, commands.length, Buffer.from(commands));
for (let page = 0; page < 8; page++) {
  bus.writeI2cBlockSync(0x3c, 0x00, 3, Buffer.from([0xb0 + page, 0x00, 0x10]));
  for (let part = 0; part < 4; part++) {
    const lit = (page === 0 && part === 0) || (page === 7 && part === 3);
    bus.writeI2cBlockSync(0x3c, 0x40, 32, Buffer.alloc(32, lit ? 0xff : 0));
  }
}
const led = new Gpio(512 + 22, "out");
const button = new Gpio(512 + 17, "in", "both");
button.watch((error, level) => console.log(error ?? "level " + level));
let lit = 0;
setInterval(() => led.writeSync((lit ^= 1)), 500);
`;

describe("The rig itself, without the box", function () {
  this.timeout(5 * MINUTE_MS);
  let rig: Rig;
  let heard = "";

  before(async function () {
    this.timeout(15 * MINUTE_MS);
    rig = await Rig.create("rig");
    await rig.boot({ box: false });
    const { guest } = rig;
    await guest.write("/tmp/probe.cjs", PROBE);
    guest.start("NODE_PATH=/srv/code/node_modules exec node /tmp/probe.cjs", {
      onStdout: (text) => {
        heard += text;
      },
      onStderr: (text) => {
        heard += text;
      },
    });
  });

  afterEach(async function () {
    if (this.currentTest?.isFailed()) await rig.keepEvidence();
  });

  after(() => rig?.dispose());

  it("puts a picture together from the bytes on the bus", async () => {
    await rig.panel.until(() => rig.panel.traffic.writes === 41, "41 writes");
    const lit = rig.panel.display
      .picture()
      .flatMap((row, y) => row.flatMap((on, x) => (on ? [`${x >> 5},${y >> 3}`] : [])));
    assert.deepEqual([...new Set(lit)], ["0,0", "3,7"]);
    assert.equal(lit.length, 2 * 32 * 8);
    assert.deepEqual(rig.panel.display.complaints, []);
  });

  it("tells a blinking LED from one that is off", async () => {
    await rig.panel.lights("green", "slow blink");
    assert.equal(await rig.panel.pattern("red", 3000), "off");
  });

  it("presses the button", async () => {
    await rig.panel.hold(500);
    await rig.panel.until(() => /level 0\s+level 1/.test(heard), "both edges");
  });

  it("pulls the display out and puts it back", async () => {
    const write =
      "NODE_PATH=/srv/code/node_modules node -e \"require('i2c-bus').openSync(1).writeI2cBlockSync(0x3c, 0, 1, Buffer.from([0xaf]))\"";
    await rig.panel.unplugDisplay();
    const { stderr } = await rig.guest.attempt(write);
    assert.match(stderr, /errno: 121/);
    await rig.panel.plugInDisplay();
    await rig.guest.run(write);
  });

  it("loses in a power cut what the guest had not written through", async () => {
    const { guest } = rig;
    await guest.run("echo kept > /srv/data/kept; sync /srv/data/kept /srv/data");
    await guest.run("echo lost > /srv/data/lost");
    await rig.cutPower();
    await rig.boot({ box: false });
    assert.equal(await rig.guest.run("cd /srv/data; ls"), "kept\nlost+found\n");
    await rig.guest.shutdown();
  });
});
