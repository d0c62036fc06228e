import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { Dice } from "../hardship/mutations.ts";
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
const ASKED_WITHIN_MS = 5000;
/** The panel takes a press so soon after the long one for a finger that slides off. */
const BEFORE_TAP_MS = 700;
const TAP_MS = 150;
/** In this time from letting go the request comes to the flash. */
const RECORDED_WITHIN_MS = 400;

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

interface HostAnswer {
  readonly host: string;
  readonly licences: readonly string[];
  readonly products: readonly { readonly count: number }[];
}

type Outcome = "untouched" | "reset before the cut" | "reset by the next start";

describe("A factory reset at the front panel", function () {
  this.timeout(5 * MINUTE_MS);
  let rig: Rig;
  /** From letting the button go to the new box's first page. */
  let resetTakesMs: number;

  before(async function () {
    this.timeout(15 * MINUTE_MS);
    rig = await Rig.create("reset");
    await rig.boot();
    assert.equal(await shownCount(rig.panel), 0);
  });

  afterEach(async function () {
    if (this.currentTest?.isFailed()) await rig.keepEvidence();
  });

  after(() => rig?.dispose());

  it("makes a new box of it", async () => {
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
    const seed = Date.now() % 2 ** 32;
    console.log(`      seed ${seed}; uninterrupted it took ${Math.round(resetTakesMs)} ms`);
    const dice = new Dice(seed);
    const outcomes: Outcome[] = [];
    const isMissing = (wanted: RegExp) => !outcomes.some((outcome) => wanted.test(outcome));
    for (let cut = 1; cut <= CUTS + MORE_CUTS; cut++) {
      if (cut > CUTS && !isMissing(/^untouched/) && !isMissing(/^reset/)) break;
      // By turns, so that cuts come before the request is on flash and after it.
      const early = cut <= CUTS ? cut % 2 === 1 : isMissing(/^untouched/);
      const momentMs = Math.round(dice.roll() * (early ? RECORDED_WITHIN_MS : resetTakesMs));
      const outcome = await interrupted(rig, momentMs);
      console.log(`      cut ${cut}, ${momentMs} ms after letting go: ${outcome}`);
      outcomes.push(outcome);
    }
    assert.ok(!isMissing(/^untouched/), "no cut came before the request was on flash");
    assert.ok(!isMissing(/^reset/), "no cut came after the request was on flash");
  });
});

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
  const reply = await fetch(`http://127.0.0.1:${guest.hostPort}/v1/host`);
  const { host, licences, products } = (await reply.json()) as HostAnswer;
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
  return /factory-reset-finished/.test(await guest.run("journalctl --no-pager -u kms-box"));
}

/** The count as it stands on the display, once that is not being drawn any more. */
async function shownCount(panel: Panel): Promise<number> {
  let before = "";
  const text = await panel.until((now) => {
    const rests = now === before && COUNT.test(now);
    before = now;
    return rests;
  }, "a count");
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
