import assert from "node:assert/strict";
import { updateOutcome } from "../../../src/adapters/dns/update-outcome.ts";

const outcome = (stderr: string, status: number | null = 2) =>
  updateOutcome({ status, stdout: "", stderr });

describe("what an end of nsupdate means", () => {
  it("is that all was done", () => {
    assert.deepEqual(outcome("", 0), { kind: "done" });
  });

  it("is that another change came first", () => {
    for (const code of ["YXRRSET", "NXRRSET", "YXDOMAIN", "NXDOMAIN"]) {
      assert.deepEqual(outcome(`update failed: ${code}\n`), { kind: "overtaken" });
    }
  });

  const bad = (code: string) =>
    `; TSIG error with server: tsig indicates error\nupdate failed: NOTAUTH(${code})\n`;
  const cases: [string, string, RegExp, boolean?][] = [
    [bad("BADKEY"), "signature-refused", /does not know the key/],
    [bad("BADSIG"), "signature-refused", /another secret/],
    [bad("BADTIME"), "signature-refused", /clock differs/],
    ["; TSIG error with server: tsig verify failure\n", "signature-refused", /does not fit/, true],
    ["update failed: REFUSED\n", "server-refused", /allow this key/],
    ["update failed: SERVFAIL\n", "server-refused", /SERVFAIL/],
    ["update failed: NOTIMP\n", "server-refused", /add the record by hand/],
    ["update failed: NOTAUTH\n", "no-zone", /not the primary/],
    ["update failed: NOTZONE\n", "no-zone", /not the primary/],
    ["could not find enclosing zone\n", "no-zone", /No zone was found/],
    [
      "; Communication with 192.0.2.1#53 failed: timed out\n",
      "server-unreachable",
      /in time/,
      true,
    ],
    [
      "; Communication with 192.0.2.1#53 failed: connection refused\n",
      "server-unreachable",
      /cannot be reached/,
    ],
    [
      "; Communication with 127.0.0.1#53 failed: REFUSED\ncould not reach any name server\n",
      "server-unreachable",
      /cannot be reached/,
    ],
    ["could not read key from x.{private,key}: file not found\n", "key-unusable", /tsig-keygen/],
    ["tkey query failed: GSSAPI error: Major = …\n", "signature-refused", /Kerberos ticket/],
    ["something new\n", "update-failed", /server's log. \(something new\)/, true],
    ["", "update-failed", /look into the name server's log\.$/, true],
  ];
  for (const [stderr, code, message, mayBeDone = false] of cases) {
    it(`is ${code} after ${JSON.stringify(stderr.trim().split("\n").at(-1))}`, () => {
      const found = outcome(stderr);
      assert.ok(found.kind === "failed");
      assert.equal(found.error.code, code);
      assert.match(found.error.message, message);
      assert.equal(found.mayBeDone, mayBeDone);
    });
  }
});
