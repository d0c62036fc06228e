import assert from "node:assert/strict";
import { foreignName, isSafeName } from "../../../src/adapters/dns/foreign-name.ts";

describe("a name that somebody else chose, as dig prints it", () => {
  for (const [printed, form] of [
    ["KMS.Office.test.", "kms.office.test"],
    [".", ""],
    [String.raw`we\032ird.test.`, String.raw`we\032ird.test`],
    [String.raw`\195\188ber.test.`, String.raw`\195\188ber.test`],
    [String.raw`a\.b.test.`, String.raw`a\046b.test`],
    [String.raw`a\\.test.`, String.raw`a\092.test`],
    [String.raw`a\"\;\(\)\@\$.test.`, String.raw`a\034\059\040\041\064\036.test`],
    ["_srv*-x.test.", String.raw`_srv\042-x.test`],
    [String.raw`\065.test.`, "a.test"],
  ] as const) {
    it(`has one form: ${printed}`, () => {
      assert.equal(foreignName(printed), form);
      assert.equal(foreignName(`${form}.`), form);
      if (form !== "") assert.ok(isSafeName(form));
    });
  }

  it("is not taken with anything in it that means something in a line", () => {
    for (const text of [
      "a b",
      "a\nb",
      'a"b',
      "a;b",
      "a$",
      "@",
      "a..b",
      ".a",
      "a.",
      "",
      "\\1",
      "A",
    ]) {
      assert.equal(isSafeName(text), false, text);
    }
    assert.equal(isSafeName(`${"a.".repeat(127)}a`), false);
  });
});
