import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { sha256 } from "../../../src/platform/ed25519.ts";
import type { Json, StateChange } from "../../../src/ports/store.ts";
import { ApiTokens, TOKENS_DOCUMENT } from "../../../src/services/admin/tokens.ts";
import { SCOPES, type Scope } from "../../../src/web/api/access.ts";
import { RecordedEvents } from "../../support/recorded-events.ts";

/** Commits one after the other, as flash does, each a while after it was asked for. */
class SlowStore {
  readonly documents = new Map<string, Json>();
  #last: Promise<void> = Promise.resolve();

  commit(changes: readonly StateChange[]): Promise<void> {
    this.#last = this.#last
      .then(() => new Promise<void>((resolve) => setImmediate(resolve)))
      .then(() => {
        for (const each of changes) {
          if (each.op === "document") this.documents.set(each.name, each.value);
        }
      });
    return this.#last;
  }
}

describe("API tokens", () => {
  let store: SlowStore;
  let nowMs: number;
  beforeEach(() => {
    store = new SlowStore();
    nowMs = 1e12;
  });
  /** As a start of the box finds them. */
  const open = () =>
    new ApiTokens<Scope>({
      ...{ store, randomBytes, sha256, scopes: SCOPES },
      time: () => nowMs,
      events: new RecordedEvents(),
    });
  const order = (name: string) => ({ name, scopes: ["status"] as const });
  const names = (tokens: ApiTokens<Scope>) => tokens.all.map(({ name }) => name);

  it("are all there after the next start where several are made at once", async () => {
    const tokens = open();
    await Promise.all(["a", "b", "c"].map((name) => tokens.create(order(name), "test")));
    assert.deepEqual(names(open()), ["a", "b", "c"]);
  });

  it("stay revoked after the next start where one was used or made meanwhile", async () => {
    const tokens = open();
    const { token, secret } = await tokens.create(order("gone"), "test");
    const revoked = tokens.revoke(token.id, "test");
    tokens.use(secret);
    const made = tokens.create(order("stays"), "test");
    await Promise.all([revoked, made]);
    await store.commit([]);
    assert.equal(tokens.use(secret), undefined);
    assert.deepEqual(names(open()), ["stays"]);
    assert.equal(open().use(secret), undefined);
  });

  it("are no more than there may be where many are made at once", async () => {
    const tokens = open();
    const all = Array.from({ length: 70 }, (_, n) => tokens.create(order(`t${n}`), "test"));
    const refused = (await Promise.allSettled(all)).filter(({ status }) => status === "rejected");
    assert.deepEqual([tokens.all.length, refused.length], [64, 6]);
  });

  it("are passed over where the state holds what none is", async () => {
    const { token, secret } = await open().create(order("good"), "test");
    const good = token as unknown as Record<string, Json>;
    const bad: Json[] = [null, 1, "x", [], {}, [null]];
    for (const member of Object.keys(good)) bad.push({ ...good, [member]: { a: 1 } });
    bad.push({ ...good, createdMs: 1e300 });
    await store.commit([{ op: "document", name: TOKENS_DOCUMENT, value: [...bad, good] }]);
    const tokens = open();
    assert.deepEqual(names(tokens), ["good"]);
    assert.deepEqual(tokens.use(secret)?.scopes, ["status"]);
    for (const value of bad) {
      await store.commit([{ op: "document", name: TOKENS_DOCUMENT, value }]);
      assert.deepEqual(open().all, []);
    }
  });

  it("are worth nothing from the moment on at which they expire", async () => {
    const tokens = open();
    const { secret } = await tokens.create({ ...order("short"), expiresDays: 1 }, "test");
    nowMs += 86_400_000 - 1;
    assert.ok(tokens.use(secret));
    nowMs += 1;
    assert.equal(tokens.use(secret), undefined);
  });
});
