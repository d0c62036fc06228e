import assert from "node:assert/strict";
import { type Update, updateScript } from "../../../src/adapters/dns/update-script.ts";

const SRV = {
  type: "SRV",
  target: "KMS.office.test.",
  port: 1688,
  priority: 0,
  weight: 100,
} as const;
const NAME = "_vlmcs._tcp.office.test";

function update(overrides: Partial<Update> = {}): Update {
  return {
    server: { address: "192.0.2.53", port: 53 },
    zone: "office.test",
    prerequisites: [],
    changes: [],
    ...overrides,
  };
}

describe("the script for nsupdate", () => {
  it("names server and zone, what must hold, and what is changed", () => {
    const script = updateScript(
      update({
        server: { address: "2001:db8::53", port: 5353 },
        prerequisites: [
          { need: "absent", name: "kms.office.test", type: "AAAA" },
          { need: "exactly", name: NAME, records: [SRV, { ...SRV, target: "", port: 1 }] },
        ],
        changes: [
          { change: "delete", name: NAME, data: SRV },
          { change: "add", name: NAME, ttlSeconds: 3600, data: { ...SRV, port: 1700 } },
          {
            change: "add",
            name: "kms.office.test",
            ttlSeconds: 60,
            data: { type: "AAAA", address: "2001:DB8:0:0::7" },
          },
        ],
      }),
    );
    assert.equal(
      script,
      `server 2001:db8::53 5353
zone office.test.
prereq nxrrset kms.office.test. AAAA
prereq yxrrset _vlmcs._tcp.office.test. SRV 0 100 1688 kms.office.test.
prereq yxrrset _vlmcs._tcp.office.test. SRV 0 100 1 .
update delete _vlmcs._tcp.office.test. SRV 0 100 1688 kms.office.test.
update add _vlmcs._tcp.office.test. 3600 SRV 0 100 1700 kms.office.test.
update add kms.office.test. 60 AAAA 2001:db8::7
send
`,
    );
  });

  it("takes another host's name with its octets escaped, and none that could begin a line", () => {
    const target = String.raw`we\032ird\010send_-.office.test`;
    const records = [{ ...SRV, target }];
    const script = updateScript(
      update({ prerequisites: [{ need: "exactly", name: NAME, records }] }),
    );
    assert.ok(script.split("\n").includes(`prereq yxrrset ${NAME}. SRV 0 100 1688 ${target}.`));
  });

  const add = (data: object, name = NAME, ttlSeconds = 60) =>
    update({ changes: [{ change: "add", name, ttlSeconds, data: { ...SRV, ...data } }] });
  const address = (text: string) =>
    update({ changes: [{ change: "delete", name: NAME, data: { type: "A", address: text } }] });

  for (const [what, wrong] of Object.entries({
    "a target with a line of its own": add({ target: "kms.test\nupdate delete office.test" }),
    "a target with words": add({ target: "kms.test. IN" }),
    "a target with a quote": add({ target: 'a"b.test' }),
    "a target with a comment": add({ target: "a;b.test" }),
    "a target with an escape that is none": add({ target: String.raw`a\999.test` }),
    "a target with a bare backslash": add({ target: "a\\.test" }),
    "a target with an empty label": add({ target: "a..test" }),
    "a target that is too long": add({ target: `${"a.".repeat(127)}test` }),
    "a name with a line": add({}, "a.test\nsend"),
    "an empty name": add({}, ""),
    "a port that is none": add({ port: 65_536 }),
    "a weight that is no number": add({ weight: Number.NaN }),
    "a priority with a fraction": add({ priority: 0.5 }),
    "a negative time to live": add({}, NAME, -1),
    "a zone with a line": update({ zone: "office.test\nserver 192.0.2.66" }),
    "a server that is none": update({ server: { address: "dc1\nzone x", port: 53 } }),
    "a port of a server that is none": update({ server: { address: "192.0.2.1", port: 1e9 } }),
    "an address that is none": address("192.0.2.7\nsend"),
    "an address of one link": address("fe80::1%eth0"),
  })) {
    it(`does not come to be with ${what}`, () => {
      assert.throws(() => updateScript(wrong), {
        code: "update-failed",
        message: /^Nothing was written, as .*: correct /s,
      });
    });
  }
});
