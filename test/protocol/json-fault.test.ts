import assert from "node:assert/strict";
import fc from "fast-check";
import { jsonFault } from "../../src/protocol/json-fault.ts";

describe("what is wrong with a text that is not JSON", () => {
  const faults: [what: string, text: string, at: string, message: RegExp][] = [
    ["a missing comma", '{\n  "a": 1\n  "b": 2\n}', "3:3", /comma is missing before/],
    ["a comma too many", '{\n  "a": 1,\n}', "2:9", /comma must go/],
    ["a comma too many in a list", "[1, 2, ]", "1:6", /comma must go/],
    ["a missing colon", '{"a" 1}', "1:6", /colon is missing/],
    ["a name without quotes", "{a: 1}", "1:2", /name of a member/],
    ["a text without quotes", '{"a": kms}', "1:7", /kms is no value/],
    ["an address without quotes", '{"a": 192.0.2.1}', "1:7", /192\.0\.2\.1 is no number/],
    ["a capital letter", '{"a": True}', "1:7", /true, false and null are small/],
    ["typographic quotes", '{"a": “kms”}', "1:7", /straight quotes/],
    ["typographic quotes of a name", "{“a”: 1}", "1:2", /straight quotes/],
    ["a text that does not end", '{"a": "kms}\n', "1:7", /closing quote/],
    ["a lone backslash", '{"a": "C:\\kms"}', "1:7", /\\\\/],
    ["a comment", '{\r\n  // mine\r\n  "a": 1\r\n}', "2:3", /no comments/],
    ["a missing brace", '{"a": {"b": 1}', "1:15", /ends too early: a "}"/],
    ["a bracket of the other kind", '{"a": [1, 2}', "1:12", /"]" is expected here, not "}"/],
    ["a member named twice", '{"a": 1,\n "a": 2}', "2:2", /"a" is there twice/],
    ["something after the end", '{"a": 1}\n}', "2:1", /must end here/],
    ["an empty file", "\n", "2:1", /ends too early/],
    ["a space copied from a page", '{\u00a0"a": 1}', "1:2", /non-breaking/],
    ["a leading zero", '{"a": 08}', "1:7", /08 is no number/],
    ["too many brackets", "[".repeat(100), "1:66", /nested too deeply/],
  ];
  for (const [what, text, at, message] of faults) {
    it(`tells ${what} and its place`, () => {
      const fault = jsonFault(text);
      assert.ok(fault);
      assert.equal(`${fault.line}:${fault.column}`, at);
      assert.match(fault.message, message);
    });
  }

  it("counts characters, not what they take in memory", () => {
    assert.equal(jsonFault('{"🗝🗝": x}')?.column, 8);
  });

  it("finds nothing in what is JSON", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(0, 2), (value, indent) => {
        assert.equal(jsonFault(JSON.stringify(value, null, indent)), undefined);
      }),
    );
  });

  it("finds something wherever the parser does", () => {
    const pieces = [
      '{"a":',
      "1",
      ",",
      '"b"',
      "}",
      "[",
      "]",
      " ",
      "-",
      "0",
      ".5",
      "e",
      '"',
      "\\u00",
    ];
    const text = fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((all) => all.join(""));
    fc.assert(
      fc.property(text, (each) => {
        let isJson = true;
        try {
          JSON.parse(each);
        } catch {
          isJson = false;
        }
        if (!isJson) assert.ok(jsonFault(each), each);
        else if (!/is there twice/.test(jsonFault(each)?.message ?? "is there twice")) {
          assert.fail(`${each} is JSON`);
        }
      }),
      { numRuns: 5000 },
    );
  });
});
