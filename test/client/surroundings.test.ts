import assert from "node:assert/strict";
import { formatHostAddress, parseHostAddress } from "../../src/client/host-address.ts";
import {
  ownStateFolder,
  readableStateFolder,
  type Surroundings,
} from "../../src/client/location.ts";
import { resolvConfDomains, searchDomains } from "../../src/client/search-domains.ts";
import { SYSTEM } from "../../src/client/system.ts";

describe("the state folder", () => {
  const here = (over: Partial<Surroundings>): Surroundings => ({
    platform: "linux",
    env: {},
    home: "/home/ada",
    isRoot: false,
    exists: () => false,
    ...over,
  });

  it("is where each system keeps such things", () => {
    assert.equal(ownStateFolder(here({ isRoot: true })), "/var/lib/kms-client");
    assert.equal(ownStateFolder(here({})), "/home/ada/.local/state/kms-client");
    assert.equal(ownStateFolder(here({ env: { XDG_STATE_HOME: "/x" } })), "/x/kms-client");
    assert.equal(
      ownStateFolder(here({ platform: "darwin" })),
      "/home/ada/Library/Application Support/kms-client",
    );
    const windows = { platform: "win32", home: "C:\\Users\\ada" };
    assert.equal(
      ownStateFolder(
        here({ ...windows, env: { ProgramData: "C:\\ProgramData", LOCALAPPDATA: "L" } }),
      ),
      "C:\\ProgramData\\kms-client",
    );
    assert.equal(
      ownStateFolder(here({ ...windows, env: { LOCALAPPDATA: "C:\\L" } })),
      "C:\\L\\kms-client",
    );
    assert.equal(ownStateFolder(here(windows)), "C:\\Users\\ada\\AppData\\Local\\kms-client");
  });

  it("is the system's for reading where a user has none", () => {
    const system = "/var/lib/kms-client";
    assert.equal(readableStateFolder(here({ exists: (path) => path === system })), system);
    const own = "/home/ada/.local/state/kms-client";
    assert.equal(readableStateFolder(here({ exists: () => true })), own);
    assert.equal(readableStateFolder(here({})), own);
  });

  it("has a place on this machine", () => {
    assert.match(ownStateFolder(), /kms-client$/);
    assert.match(readableStateFolder(), /kms-client$/);
  });
});

describe("a host's address", () => {
  const good: [string, string, number][] = [
    ["kms.office.example", "kms.office.example", 1688],
    ["kms:1700", "kms", 1700],
    ["192.0.2.1:80", "192.0.2.1", 80],
    ["[::1]:1700", "::1", 1700],
    ["[2001:db8::1]", "2001:db8::1", 1688],
    ["2001:db8::1", "2001:db8::1", 1688],
    ["[fe80::1%eth0]:1", "fe80::1%eth0", 1],
  ];
  for (const [text, host, port] of good) {
    it(`is read from ${text}`, () => {
      assert.deepEqual(parseHostAddress(text), { host, port });
      assert.deepEqual(parseHostAddress(formatHostAddress({ host, port })), { host, port });
    });
  }

  for (const text of [
    "",
    "kms:0",
    "kms:65536",
    "kms:",
    "http://kms",
    "a b",
    "[kms]:1",
    "[::1",
    "kms/x",
  ]) {
    it(`is not read from "${text}"`, () => {
      assert.throws(() => parseHostAddress(text), { code: "bad-address", message: /HOST:PORT/ });
    });
  }
});

describe("the domains to search", () => {
  it("are those of resolv.conf, of which the last line counts", () => {
    assert.deepEqual(
      resolvConfDomains("# x\nsearch a.test\nnameserver ::1\nsearch b.test c.test"),
      ["b.test", "c.test"],
    );
    assert.deepEqual(resolvConfDomains("search a.test\ndomain d.test\n"), ["d.test"]);
    assert.deepEqual(resolvConfDomains(""), []);
  });

  const source = {
    platform: "linux",
    env: {},
    hostname: "pc.Office.test",
    resolvConf: async () => "search a.test. office.test",
    tcpipParameters: async () => "",
  };

  it("end with the machine's own domain, each once", async () => {
    assert.deepEqual(await searchDomains(source), ["a.test", "office.test"]);
  });

  it("are those of the registry and the account on Windows", async () => {
    const tcpipParameters = async () =>
      "\r\nHKEY...\r\n    SearchList    REG_SZ    a.test,b.test\r\n    Domain    REG_SZ    c.test\r\n    NV Domain    REG_SZ    x.test\r\n";
    const env = { USERDNSDOMAIN: "AD.TEST" };
    const windows = { ...source, platform: "win32", hostname: "pc", env, tcpipParameters };
    assert.deepEqual(await searchDomains(windows), ["a.test", "b.test", "c.test", "ad.test"]);
  });

  it("can be read on this machine", async () => {
    assert.ok(Array.isArray(await searchDomains()));
  });
});

describe("the system's clocks", () => {
  it("tell the time of day and the time since the start", () => {
    const { clock } = SYSTEM;
    assert.ok(Math.abs(clock.nowMs() - Date.now()) < 1000);
    assert.ok(Number.isInteger(clock.monotonicMs()) && clock.monotonicMs() > 0);
    assert.ok(SYSTEM.random() < 1);
  });
});
