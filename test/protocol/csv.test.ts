import assert from "node:assert/strict";
import { csvLine } from "../../src/protocol/csv.ts";

describe("comma-separated values", () => {
  it("are a line that ends as RFC 4180 has it", () => {
    assert.equal(csvLine(["pc-1", 3, true, null, ""]), "pc-1,3,true,,\r\n");
  });

  it("stand in quotes where they would break the line", () => {
    assert.equal(csvLine(["a,b", 'say "no"', "two\nlines"]), '"a,b","say ""no""","two\nlines"\r\n');
  });

  it("are never a formula, whatever a machine calls itself", () => {
    const names = ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1"];
    for (const name of names) {
      assert.match(csvLine([name]), /^"?'/, JSON.stringify(name));
    }
  });

  it("are none either where a spreadsheet divides lines at semicolons", () => {
    assert.equal(csvLine(["pc;=cmd()", "a;b"]), "pc;'=cmd(),a;b\r\n");
  });

  it("leave numbers as they are, negative ones too", () => {
    assert.equal(csvLine([-3, "-3", "-1.5"]), "-3,-3,-1.5\r\n");
  });
});
