import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { Dice } from "../hardship/mutations.ts";
import { BoxService } from "./box-service.ts";
import type { Panel } from "./panel.ts";
import { Rig } from "./rig.ts";

const MINUTE_MS = 60_000;
const CUTS = 10;
/** So many more if until then all cuts came too early, or all too late. */
const MORE_CUTS = 5;
const CLIENTS = 5;
/** Where the action of a long press begins, and a bit. */
const HOLD_MS = 12_300;
const HOLDS = 3;
/** From the agent's first answer to the box's first page, on a machine with other work too. */
const STARTS_WITHIN_MS = 3 * MINUTE_MS;
const ASKED_WITHIN_MS = 5000;
/** The panel takes a press so soon after the long one for a finger that slides off. */
const BEFORE_TAP_MS = 700;
const TAP_MS = 150;
/** In the first part of a reset, this share of its time, the request comes to the flash. */
const RECORDED_WITHIN = 0.2;

const DATA = "/srv/data/kms-box";
/** The keys of the demonstration's clients: other machines', which live here only for convenience. */
const NOT_THE_BOXES = "demo-clients";
const COUNT = /^(\d+) of 25$/m;

/** What one box can be told from another by. */
interface Identity {
  readonly host: string;
  readonly licences: readonly string[];
  /** Host key and vendor key as they are kept. */
  readonly keys: string;
  readonly counted: number;
}

type Outcome = "untouched" | "reset before the cut" | "reset by the next start";

describe("A factory reset at the front panel", function () {
  this.timeout(5 * MINUTE_MS);
  /** Two boxes, as a guest leaves much of this machine idle, most of all while its button is held. */
  const rigs: Rig[] = [];
  /** From letting the button go to the new box's first page. */
  let resetTakesMs: number;

  before(async function () {
    this.timeout(15 * MINUTE_MS);
    for (const name of ["reset-a", "reset-b"]) rigs.push(await Rig.create(name));
    await onAll(rigs, async (rig) => {
      await rig.boot();
      assert.equal(await shownCount(rig.panel), 0);
    });
  });

  afterEach(async function () {
    if (this.currentTest?.isFailed()) await onAll(rigs, (rig) => rig.keepEvidence());
  });

  after(() => onAll(rigs, (rig) => rig.dispose()));

  it("makes a new box of it", async () => {
    const [rig] = rigs;
    assert.ok(rig);
    const old = await inUse(rig);
    await askForReset(rig.panel);
    await rig.panel.press();
    await sleep(TAP_MS);
    const letGoMs = performance.now();
    await rig.panel.release();
    await rig.panel.shows(/RESETTING/);
    await rig.panel.shows(/^0 of 25$/m);
    resetTakesMs = performance.now() - letGoMs;
    await assertNew(rig, old);
    assert.equal(await finishedAtStart(rig), true);
  });

  it(`leaves all of the old box or all of a new one in a power cut, ${CUTS} times over`, async function () {
    this.timeout(20 * MINUTE_MS);
    const cuts = new Cuts(resetTakesMs);
    console.log(`      seed ${cuts.seed}; uninterrupted it took ${Math.round(resetTakesMs)} ms`);
    await onAll(rigs, async (rig) => {
      for (let momentMs = cuts.next(); momentMs !== undefined; momentMs = cuts.next()) {
        const outcome = await interrupted(rig, momentMs).catch((error: unknown) => {
          cuts.stop();
          throw error;
        });
        cuts.ended(outcome);
        console.log(`      cut ${momentMs} ms after letting go: ${outcome}`);
      }
    });
    assert.deepEqual(cuts.missing, [], "no cut came so early, or so late");
  });
});

/** Draws the moments of the cuts, until there were enough of them with either end. */
class Cuts {
  readonly seed = Date.now() % 2 ** 32;
  readonly #dice = new Dice(this.seed);
  readonly #resetTakesMs: number;
  readonly #outcomes: Outcome[] = [];
  #drawn = 0;
  #stopped = false;

  constructor(resetTakesMs: number) {
    this.#resetTakesMs = resetTakesMs;
  }

  /** Ways to end that no cut has had. */
  get missing(): ("untouched" | "reset")[] {
    const isMissing = (way: string) => !this.#outcomes.some((outcome) => outcome.startsWith(way));
    return (["untouched", "reset"] as const).filter(isMissing);
  }

  /** @returns milliseconds from letting go; undefined if there is to be no other cut */
  next(): number | undefined {
    const [missing] = this.missing;
    this.#drawn++;
    if (this.#stopped || this.#drawn > CUTS + MORE_CUTS) return undefined;
    if (this.#drawn > CUTS && !missing) return undefined;
    // By turns, so that cuts come before the request is on flash and after it.
    const early = this.#drawn > CUTS ? missing === "untouched" : this.#drawn % 2 === 1;
    return Math.round(this.#dice.roll() * this.#resetTakesMs * (early ? RECORDED_WITHIN : 1));
  }

  ended(outcome: Outcome): void {
    this.#outcomes.push(outcome);
  }

  stop(): void {
    this.#stopped = true;
  }
}

/** Does the same with all, and waits for all of them also if one fails. */
async function onAll(rigs: readonly Rig[], work: (rig: Rig) => Promise<void>): Promise<void> {
  for (const result of await Promise.allSettled(rigs.map(work))) {
    if (result.status === "rejected") throw result.reason;
  }
}

async function interrupted(rig: Rig, momentMs: number): Promise<Outcome> {
  const old = await inUse(rig);
  await askForReset(rig.panel);
  const seen = await cutAfterLettingGo(rig, momentMs);
  await rig.checkDataDisk();

  await rig.boot();
  const shown = await shownCount(rig.panel);
  const found = await identityOf(rig);
  assert.doesNotMatch(await rig.guest.run("dmesg"), /EXT4-fs (error|warning)/);
  assert.equal(shown, found.counted);
  if (found.host === old.host) {
    assert.deepEqual(found, old, "half of the box is gone");
    assert.doesNotMatch(seen, /starting|^0 of/m, "the reset was under way and was forgotten");
    return "untouched";
  }
  await assertNew(rig, old);
  return (await finishedAtStart(rig)) ? "reset by the next start" : "reset before the cut";
}

/** A box with clients, made so if it is a new one. */
async function inUse(rig: Rig): Promise<Identity> {
  const found = await identityOf(rig);
  if (found.counted > 0) return found;
  const demo = `node /srv/code/dist/cli/kms-box.js demo ${CLIENTS} --pause 0 --data ${DATA}`;
  const { status, stdout, stderr } = await rig.guest.attempt(demo);
  assert.equal(status, 3, stdout + stderr);
  const made = await identityOf(rig);
  assert.deepEqual(made, { ...found, counted: CLIENTS });
  return made;
}

async function identityOf({ guest }: Rig): Promise<Identity> {
  const { host, licences, products } = await new BoxService(guest).ask();
  const keys = await guest.run(`cd ${DATA}; cat host.jwk demo-vendor/vendor.jwk`);
  const counted = products.reduce((sum, { count }) => sum + count, 0);
  return { host, licences, keys, counted };
}

/** The box has another key and another licence, and nothing of the old box is left in any file. */
async function assertNew(rig: Rig, old: Identity): Promise<void> {
  const found = await identityOf(rig);
  assert.notEqual(found.host, old.host);
  assert.equal(found.counted, 0);
  assert.equal(found.licences.length, old.licences.length);
  const secrets = [...old.keys.matchAll(/"[dx]":"([^"]+)"/g)].flatMap(([, value]) => value ?? []);
  assert.equal(secrets.length, 4);
  const words = ["DEMO-PC-", ...old.licences, ...secrets].join("\n");
  const search = `cd ${DATA}; grep -rlF -f - --exclude-dir=${NOT_THE_BOXES} --devices=skip .`;
  const { stdout } = await rig.guest.attempt(search, { input: words });
  assert.equal(stdout, "", "these files still hold something of the old box");
  assert.doesNotMatch(await rig.guest.run(`ls ${DATA}`), /factory-reset/);
}

async function finishedAtStart({ guest }: Rig): Promise<boolean> {
  return /factory-reset-finished/.test(await new BoxService(guest).journal());
}

/** The count as it stands on the display, once that is not being drawn any more. */
async function shownCount(panel: Panel): Promise<number> {
  let before = "";
  const rests = (now: string) => {
    const same = now === before;
    before = now;
    return same && COUNT.test(now);
  };
  const text = await panel.until(rests, "a count", STARTS_WITHIN_MS);
  return Number(COUNT.exec(text)?.[1]);
}

/** Holds the button until the display asks for the tap; again if a busy box took no notice. */
async function askForReset(panel: Panel): Promise<void> {
  for (let hold = 1; ; hold++) {
    await panel.hold(HOLD_MS);
    try {
      await panel.shows(/FACTORY\s+RESET\?/, ASKED_WITHIN_MS);
      break;
    } catch (error) {
      if (hold === HOLDS) throw error;
    }
  }
  await sleep(BEFORE_TAP_MS);
}

/** @returns what the display showed when the power went */
async function cutAfterLettingGo(rig: Rig, momentMs: number): Promise<string> {
  const { panel } = rig;
  await panel.press();
  await sleep(TAP_MS);
  // The cut may come before the button is told to go up.
  panel.release().catch(() => undefined);
  await sleep(momentMs);
  const seen = panel.text();
  await rig.cutPower();
  return seen;
}
