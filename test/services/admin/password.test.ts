import assert from "node:assert/strict";
import {
  PASSWORD_DOCUMENT,
  Password,
  PasswordBusyError,
} from "../../../src/services/admin/password.ts";
import { QuickHasher } from "../../support/admin-rig.ts";
import { MemoryStore } from "../../support/memory-store.ts";

const OLD = "four words of mine";
const NEW = "another four words";

describe("the password", () => {
  let password: Password;
  beforeEach(async () => {
    password = new Password({ store: new MemoryStore(), hasher: new QuickHasher() });
    await password.set(OLD);
  });

  it("is not the former one any more for who asked while it was changed", async () => {
    const [, former, present] = await Promise.all([
      password.set(NEW),
      password.matches(OLD),
      password.matches(NEW),
    ]);
    assert.deepEqual([former, present], [false, true]);
  });

  it("is set however many strangers wait with theirs", async () => {
    const strangers = Array.from({ length: 8 }, () => password.matches("a wrong one"));
    const settled = Promise.allSettled(strangers);
    await password.set(NEW);
    assert.ok(await password.matches(NEW));
    const refused = (await settled).filter(({ status }) => status === "rejected");
    assert.equal(refused.length, 3);
    await assert.rejects(strangers[7] as Promise<boolean>, PasswordBusyError);
  });

  it("is none where the state asks for more memory or work than any that a box made", async () => {
    const digest = { algorithm: "scrypt", N: 2 ** 15, r: 8, p: 1, salt: "", hash: "" };
    for (const cost of [{ N: 2 ** 24 }, { r: 1e6 }, { p: 1e9 }, { N: 0 }, { r: -1 }, { N: "2" }]) {
      const store = new MemoryStore();
      const value = { ...digest, ...cost };
      await store.commit([{ op: "document", name: PASSWORD_DOCUMENT, value }]);
      assert.ok(!new Password({ store, hasher: new QuickHasher() }).isSet, JSON.stringify(cost));
    }
  });
});
