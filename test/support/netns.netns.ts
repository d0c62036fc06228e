import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { type Machine, NetworkRig } from "./netns.ts";

describe("The rig of network namespaces itself", () => {
  let rig: NetworkRig;
  let a: Machine;
  let b: Machine;

  before(async () => {
    rig = await NetworkRig.create();
    a = await rig.machine("a");
    b = await rig.machine("b");
    await rig.link(
      { machine: a, device: "eth0", addresses: ["10.71.0.1/24", "fd71::1/64"] },
      { machine: b, device: "eth0", addresses: ["10.71.0.2/24", "fd71::2/64"] },
    );
  });

  after(() => rig.delete());

  it("joins machines by a link", async () => {
    const reach = `require("net").connect(1, process.argv[1]).on("error", (e) => console.log(e.code))`;
    for (const address of ["10.71.0.2", "fd71::2"]) {
      assert.equal(await a.run(process.execPath, "-e", reach, address), "ECONNREFUSED\n");
    }
  });

  it("gives each its own host name, resolver and nothing of the machine's network", async () => {
    b.resolveBy("search office.test\n");
    assert.equal(await a.run("uname", "-n"), "a\n");
    assert.equal(await b.run("cat", "/etc/resolv.conf"), "search office.test\n");
    assert.equal(await a.run("cat", "/etc/resolv.conf"), "");
    assert.match(await a.run("ip", "-brief", "link"), /^lo .*\neth0@.*\n$/);
  });

  it("leaves nothing behind", async () => {
    const other = await NetworkRig.create();
    const machine = await other.machine("c");
    const sleeper = machine.run("sleep", "60");
    sleeper.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 100));
    other.delete();
    await assert.rejects(sleeper);
    assert.equal(existsSync(`/run/netns/${machine.namespace}`), false);
    assert.equal(existsSync(`/etc/netns/${machine.namespace}`), false);
  });
});
