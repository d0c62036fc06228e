import assert from "node:assert/strict";
import { Interned } from "../../../src/domain/ledger/interned.ts";

describe("Interned", () => {
  it("keeps a string as long as it is in use, and forgets it then", () => {
    const interned = new Interned();
    const first = interned.use("agent/1");
    assert.equal(interned.use("agent/1"), first);
    interned.drop(first);
    assert.equal(interned.text(first), "agent/1");
    interned.drop(first);
    assert.equal(interned.size, 0);
  });

  it("does not grow with a client that names itself anew each time", () => {
    const interned = new Interned();
    let id = interned.use("agent/0");
    for (let n = 1; n < 1000; n++) {
      const next = interned.use(`agent/${n}`);
      interned.drop(id);
      id = next;
      assert.ok(id < 2);
    }
    assert.equal(interned.size, 1);
    assert.equal(interned.text(id), "agent/999");
  });
});
