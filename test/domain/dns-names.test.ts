import assert from "node:assert/strict";
import fc from "fast-check";
import {
  enclosingNames,
  isHostName,
  isLinkLocal,
  isRecordName,
  isSameName,
  isWithin,
  splitServer,
} from "../../src/domain/dns-names.ts";

describe("a name in DNS", () => {
  it("names a host by letters, digits and hyphens", () => {
    for (const name of ["kms", "kms.office.example", "3com.example", "xn--bcher-kva.example"]) {
      assert.ok(isHostName(name), name);
    }
    const none = ["", ".", "a..b", "-a", "a-", "my_pi.example", "kms.office.example.", "a b"];
    for (const name of [...none, `${"a".repeat(64)}.example`, "a.".repeat(127)]) {
      assert.ok(!isHostName(name), name);
    }
  });

  it("names a record also with underscores before labels", () => {
    for (const name of ["_vlmcs._tcp.office.example", "kms.office.example"]) {
      assert.ok(isRecordName(name), name);
    }
    for (const name of ["a_b.example", "__a.example", "_.example", "_a._b.\n"]) {
      assert.ok(!isRecordName(name), name);
    }
  });

  it("never brings a line or a word of its own", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...Array.from('aZ9_-. \n\r\t;"é')) }),
        (text) => {
          if (isRecordName(text)) assert.match(text, /^[\w.-]+$/);
        },
      ),
    );
  });

  it("is compared without regard to letters' case and a final dot", () => {
    assert.ok(isSameName("KMS.Office.Example.", "kms.office.example"));
    assert.ok(isWithin("kms.Office.example", "office.Example"));
    assert.ok(isWithin("office.example", "office.example"));
    assert.ok(!isWithin("kms.backoffice.example", "office.example"));
  });

  it("lies in all that it ends with", () => {
    assert.deepEqual(enclosingNames("_a._tcp.office.Example."), [
      "_a._tcp.office.example",
      "_tcp.office.example",
      "office.example",
      "example",
    ]);
  });
});

describe("the address of a name server", () => {
  it("is one with or without a port", () => {
    assert.deepEqual(splitServer("192.0.2.1"), { address: "192.0.2.1", port: 53 });
    assert.deepEqual(splitServer("192.0.2.1:5353"), { address: "192.0.2.1", port: 5353 });
    assert.deepEqual(splitServer("2001:db8::1"), { address: "2001:db8::1", port: 53 });
    assert.deepEqual(splitServer("[2001:db8::1]"), { address: "2001:db8::1", port: 53 });
    assert.deepEqual(splitServer("[2001:db8::1]:5353"), { address: "2001:db8::1", port: 5353 });
  });

  it("is nothing else", () => {
    const wrong = ["", "dc.office.example", "192.0.2.1:0", "192.0.2.1:65536", "192.0.2.1:", "[x]"];
    for (const text of [...wrong, "192.0.2.1 53", "192.0.2.1\nsend"]) {
      assert.equal(splitServer(text), undefined, text);
    }
  });
});

describe("an address", () => {
  it("may be of one link only", () => {
    assert.deepEqual(
      ["169.254.1.2", "fe80::1", "FEBF::1", "192.0.2.1", "fec0::1", "fd00::1"].map(isLinkLocal),
      [true, true, true, false, false, false],
    );
  });
});
