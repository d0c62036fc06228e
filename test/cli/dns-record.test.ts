import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BoxProcess, runProgram, temporaryFolder } from "../support/box-process.ts";

describe("kms-box dns record", () => {
  let folder: string;
  let box: BoxProcess;

  before(async () => {
    folder = await temporaryFolder();
    box = await BoxProcess.start();
  });

  after(async () => {
    await box.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const record = (...args: string[]) => runProgram("kms-box", ["dns", "record", ...args]);

  it("takes port and address from the box that runs", async () => {
    const office = ["--domain", "office.test.", "--host", "kms.office.test", "--data", box.data];
    const { stdout, status } = await record(...office);
    assert.equal(status, 0);
    const [, srv, a] = stdout.split("\n");
    assert.equal(srv, `_vlmcs._tcp.office.test. 3600 IN SRV 0 100 ${box.port} kms.office.test.`);
    assert.equal(a, "kms.office.test. 3600 IN A 127.0.0.1");
    const windows = (await record(...office, "--format", "windows", "--json")).json<{
      format: string;
      records: { port: number }[];
      lines: string[];
    }>();
    assert.deepEqual([windows.format, windows.records[0]?.port], ["windows", box.port]);
    assert.match(windows.lines[1] ?? "", /^Add-DnsServerResourceRecord -Srv /);
  });

  it("takes everything from the configuration of a box that does not run", async () => {
    const config = join(folder, "box.json");
    const domains = [{ domain: "Office.test", priority: 7 }, { domain: "other.test" }];
    const dns = { host: "kms.office.test", service: "_kms", ttlSeconds: 60, domains };
    await writeFile(config, JSON.stringify({ data: join(folder, "none"), port: 1700, dns }));
    const addresses = ["--address", "192.0.2.7", "2001:db8::7"];
    const { stdout } = await record("--config", config, "--format", "dnsmasq", ...addresses);
    const lines = stdout.split("\n").filter((line) => !line.startsWith("#") && line !== "");
    assert.deepEqual(lines, [
      "srv-host=_kms._tcp.office.test,kms.office.test,1700,7,100",
      "host-record=kms.office.test,192.0.2.7,60",
      "host-record=kms.office.test,2001:db8::7,60",
      "srv-host=_kms._tcp.other.test,kms.office.test,1700,0,100",
    ]);
  });

  for (const [what, args, message] of [
    ["no domain", [], /Name your clients' domain/],
    ["a domain that is none", ["--domain", "a b"], /not the name of a domain/],
    [
      "a host that is none",
      ["--domain", "a.test", "--host", "-x"],
      /"-x" is no name for DNS.*\. Give a name such as/,
    ],
    [
      "an address as host",
      ["--domain", "a.test", "--host", "10.0.0.5"],
      /"10\.0\.0\.5" is a number/,
    ],
    ["an address that is none", ["--domain", "a.test", "--address", "1.2.3"], /not an IP address/],
    ["a link's address", ["--domain", "a.test", "--address", "fe80::1"], /known on one link only/],
    [
      "an address with a link",
      ["--domain", "a.test", "--address", "fd00::1%eth0"],
      /one link only/,
    ],
    ["no machine's address", ["--domain", "a.test", "--address", "0.0.0.0"], /is no machine's/],
    ["no machine's IPv6 address", ["--domain", "a.test", "--address", "::"], /is no machine's/],
    ["IPv4 as IPv6", ["--domain", "a.test", "--address", "::ffff:10.0.0.5"], /in its own/],
    ["the machine itself", ["--domain", "a.test", "--address", "::1"], /every machine to itself/],
    ["a group", ["--domain", "a.test", "--address", "224.0.0.1"], /no one machine's/],
    ["a server that is not known", ["--domain", "a.test", "--format", "djbdns"], /Allowed choices/],
  ] as const) {
    it(`says what is wrong with ${what}`, async () => {
      const { status, stderr } = await record("--data", join(folder, "none"), ...args);
      assert.equal(status, 2);
      assert.match(stderr, message);
    });
  }
});
