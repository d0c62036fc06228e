import assert from "node:assert/strict";
import type { FlashStore } from "../../../src/adapters/flash/flash-store.ts";
import type { StateChange } from "../../../src/ports/store.ts";
import { cmidOf } from "../../support/contacts.ts";
import { FaultyFs, SURVIVALS } from "../../support/faulty-fs.ts";
import { contentOf, openOn, put } from "../../support/flash-rig.ts";

type Outcome = "waiting" | "stored" | "refused" | "taken-back";
interface Attempt {
  readonly version: number;
  readonly numbers: readonly number[];
  readonly discards: boolean;
  outcome: Outcome;
}

/** Commits changes and remembers what it was told of each, as the clients of a host would. */
class Witness {
  readonly attempts: Attempt[] = [];
  #store: FlashStore | undefined;

  use(store: FlashStore): void {
    this.#store = store;
    store.onNotice(({ kind }) => {
      if (kind !== "recovered") return;
      for (const attempt of this.attempts) {
        if (attempt.outcome === "refused") attempt.outcome = "taken-back";
      }
    });
  }

  /** The version of a record is its time of last contact. */
  put(...numbers: number[]): Promise<void> {
    const version = this.attempts.length + 1;
    return this.#commit(
      numbers,
      false,
      numbers.map((n) => put(n, { lastContactMs: version })),
    );
  }

  discard(number: number): Promise<void> {
    return this.#commit([number], true, [
      { op: "discard", cmid: cmidOf(number), product: "writer" },
    ]);
  }

  async #commit(numbers: number[], discards: boolean, changes: StateChange[]): Promise<void> {
    const version = this.attempts.length + 1;
    const attempt: Attempt = { version, numbers, discards, outcome: "waiting" };
    this.attempts.push(attempt);
    try {
      await this.#store?.commit(changes);
      attempt.outcome = "stored";
    } catch {
      attempt.outcome = "refused";
    }
  }

  /** Everything acknowledged is there, and nothing that nobody asked for or that was taken back. */
  verify(store: FlashStore, context: string): void {
    const found = new Map<number, number>();
    for (const number of new Set(this.attempts.flatMap(({ numbers }) => numbers))) {
      const version = store.ledger.get(cmidOf(number), "writer")?.lastContactMs ?? 0;
      const possible = this.#possible(number);
      assert.ok(
        possible.includes(version),
        `${context}: ${number} is ${version}, not ${possible.join(" or ")}`,
      );
      found.set(number, version);
    }
    assert.equal(store.ledger.size, [...found.values()].filter((version) => version > 0).length);
    for (const { version, numbers } of this.attempts.filter(
      (attempt) => attempt.numbers.length > 1,
    )) {
      if (!numbers.some((number) => found.get(number) === version)) continue;
      const whole = numbers.every((number) =>
        this.#reached(found.get(number) ?? 0, number, version),
      );
      assert.ok(whole, `${context}: commit ${version} is there in part`);
    }
  }

  /** The versions that a record may have; 0 stands for none. */
  #possible(number: number): number[] {
    let possible = [0];
    for (const { version, numbers, discards, outcome } of this.attempts) {
      if (!numbers.includes(number)) continue;
      const effect = discards ? 0 : version;
      if (outcome === "stored") possible = [effect];
      else if (outcome !== "taken-back") possible.push(effect);
    }
    return possible;
  }

  #reached(found: number, number: number, version: number): boolean {
    const later = this.attempts.some(
      (a) => a.version > version && a.discards && a.numbers[0] === number,
    );
    return found >= version || later;
  }
}

interface Scenario {
  readonly name: string;
  readonly compactAtBytes?: number;
  run(store: FlashStore, witness: Witness, fs: FaultyFs): Promise<void>;
}

const SCENARIOS: readonly Scenario[] = [
  {
    name: "appending",
    async run(_store, witness) {
      await witness.put(1);
      await Promise.all([witness.put(2, 3), witness.put(1), witness.put(4)]);
      await witness.discard(2);
      await Promise.all([witness.put(1, 3), witness.discard(4), witness.put(5)]);
    },
  },
  {
    name: "rotating and compacting, with commits meanwhile",
    async run(store, witness) {
      await witness.put(1, 2);
      await Promise.all([store.compact(), witness.put(3), witness.put(1)]);
      await Promise.all([witness.discard(2), store.compact(), witness.put(4, 1)]);
      await witness.put(5);
      await Promise.all([store.compact(), witness.put(5, 3)]);
    },
  },
  {
    name: "compacting by itself",
    compactAtBytes: 900,
    async run(_store, witness) {
      for (let i = 0; i < 8; i++) await witness.put(i % 3);
    },
  },
  {
    name: "recovering from a failed fsync",
    async run(store, witness, fs) {
      await witness.put(1, 2);
      let failures = 2;
      fs.fault = ({ kind, name }) =>
        kind === "sync" && name.startsWith("journal") && failures-- > 0 ? "EIO" : undefined;
      await Promise.all([witness.put(1, 2), witness.put(3)]);
      await recovered(store);
      await witness.put(4);
      await witness.put(2);
    },
  },
  {
    name: "recovering from a full disk in the middle of a write",
    async run(store, witness, fs) {
      await witness.put(1, 2);
      // Enough for the first commit's line and a part of the second's.
      fs.space = 550;
      await Promise.all([witness.put(1, 2), witness.put(3)]);
      fs.space = Number.POSITIVE_INFINITY;
      await recovered(store);
      await witness.put(3, 4);
    },
  },
  {
    name: "recovering though the damaged journal cannot be cut",
    async run(store, witness, fs) {
      await witness.put(1, 2);
      let failures = 1;
      fs.fault = ({ kind, name }) => {
        if (kind === "truncate") return "EIO";
        return kind === "sync" && name.startsWith("journal") && failures-- > 0 ? "EIO" : undefined;
      };
      await Promise.all([witness.put(1, 2), witness.put(3)]);
      await recovered(store);
      await witness.put(4);
    },
  },
  {
    name: "compacting when the disk refuses a commit that is in the snapshot already",
    async run(store, witness, fs) {
      await witness.put(1, 2);
      let failures = 1;
      let commits: Promise<unknown> | undefined;
      fs.fault = ({ kind, name }) => {
        if (kind === "open" && name.endsWith(".tmp")) {
          commits ??= Promise.all([witness.put(1), witness.put(3)]);
        }
        const strikes =
          commits !== undefined && kind === "write" && name.startsWith("journal") && failures-- > 0;
        return strikes ? "ENOSPC" : undefined;
      };
      await store.compact().catch(() => undefined);
      await commits;
      await recovered(store);
      await witness.put(4);
    },
  },
];

function recovered(store: FlashStore): Promise<void> {
  return until(() => store.condition.state === "open");
}

/** Gives up after a while: when the power is cut, it never comes to it. */
async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 200 && !condition(); i++)
    await new Promise((resolve) => setImmediate(resolve));
}

/** Runs a scenario until it ends or the power is cut. */
async function runScenario(
  scenario: Scenario,
  crashAt: number,
  fs = new FaultyFs(),
): Promise<Witness> {
  const witness = new Witness();
  fs.crashAt = crashAt;
  const { compactAtBytes } = scenario;
  const life = async (): Promise<void> => {
    const store = await openOn(fs, compactAtBytes === undefined ? {} : { compactAtBytes });
    witness.use(store);
    await scenario.run(store, witness, fs);
    await store.close();
  };
  await Promise.race([life(), fs.crashed]);
  return witness;
}

describe("After a power cut before any call to the file system", () => {
  for (const scenario of SCENARIOS) {
    it(`while ${scenario.name}, all that was acknowledged is there and nothing else`, async function () {
      this.timeout(20_000);
      const whole = new FaultyFs();
      await runScenario(scenario, Number.POSITIVE_INFINITY, whole);
      assert.ok(whole.calls > 10);
      for (let crashAt = 1; crashAt <= whole.calls + 1; crashAt++) {
        const fs = new FaultyFs();
        const witness = await runScenario(scenario, crashAt, fs);
        for (const survival of SURVIVALS) {
          const context = `cut before call ${crashAt} (${fs.log.at(-1)}), unsynced ${survival}`;
          await verifyAfterCut(fs.afterPowerCut(survival, crashAt), witness, context);
        }
      }
    });
  }
});

describe("After a power cut while the store is opened again", () => {
  it("all that was acknowledged is there and nothing else", async function () {
    this.timeout(20_000);
    const [scenario] = SCENARIOS;
    assert.ok(scenario !== undefined);
    const whole = new FaultyFs();
    await runScenario(scenario, Number.POSITIVE_INFINITY, whole);
    for (let crashAt = 1; crashAt <= whole.calls; crashAt++) {
      for (const survival of ["half", "scattered"] as const) {
        const first = new FaultyFs();
        const witness = await runScenario(scenario, crashAt, first);
        let crashes = 0;
        for (let opened = false; !opened; ) {
          const fs = first.afterPowerCut(survival, crashAt);
          fs.crashAt = ++crashes;
          const opening = openOn(fs).then(() => true);
          opened = await Promise.race([opening, fs.crashed.then(() => false)]);
          const context = `cut before call ${crashAt} (${survival}), then ${crashes} of opening`;
          for (const then of ["lost", "half", "kept"] as const) {
            await verifyAfterCut(fs.afterPowerCut(then), witness, context);
          }
        }
        assert.ok(crashes > 3);
      }
    }
  });
});

describe("After the program was killed and started again, and then a power cut", () => {
  it("everything is there that was found after the start", async () => {
    const [scenario] = SCENARIOS;
    assert.ok(scenario !== undefined);
    const whole = new FaultyFs();
    await runScenario(scenario, Number.POSITIVE_INFINITY, whole);
    for (let crashAt = 1; crashAt <= whole.calls; crashAt++) {
      const killed = new FaultyFs();
      const witness = await runScenario(scenario, crashAt, killed);
      const fs = killed.afterRestart();
      const store = await openOn(fs);
      witness.verify(store, `killed before call ${crashAt}`);
      const found = await openOn(fs.afterPowerCut("lost"));
      assert.deepEqual(contentOf(found), contentOf(store), `killed before call ${crashAt}`);
    }
  });
});

/** Opens, verifies, cuts the power again, and makes sure that the store can be used. */
async function verifyAfterCut(fs: FaultyFs, witness: Witness, context: string): Promise<void> {
  const store = await openOn(fs);
  assert.equal(store.condition.state, "open", context);
  witness.verify(store, context);
  const content = contentOf(store);
  const again = await openOn(fs.afterPowerCut("lost"));
  assert.deepEqual(contentOf(again), content, `${context}, and again at once`);
  await again.commit([put(99)]);
  await again.compact();
  await again.close();
  await store.close();
}
