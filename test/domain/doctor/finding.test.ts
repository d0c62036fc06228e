import assert from "node:assert/strict";
import { listed } from "../../../src/domain/doctor/finding.ts";

describe("a list in a sentence", () => {
  const names = (count: number) => Array.from({ length: count }, (_, at) => `n${at}`);

  it("names all of a few, and the first of many", () => {
    assert.equal(listed([]), "");
    assert.equal(listed(names(1)), "n0");
    assert.equal(listed(names(3)), "n0, n1 and n2");
    assert.equal(listed(names(9)), "n0, n1, n2, n3, n4, n5, n6, n7 and n8");
    assert.equal(listed(names(100)), "n0, n1, n2, n3, n4, n5, n6, n7 and 92 others");
  });
});
