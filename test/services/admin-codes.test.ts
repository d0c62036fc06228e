import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { sha256 } from "../../src/platform/ed25519.ts";
import { AdminCodes } from "../../src/services/admin-codes.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { RecordedEvents } from "../support/recorded-events.ts";

const WRONG = "2222-2222";

function codes(random: (length: number) => Uint8Array = randomBytes) {
  const clock = new FakeClock();
  const log = new RecordedEvents();
  return { clock, log, codes: new AdminCodes({ clock, log, randomBytes: random, sha256 }) };
}

describe("administrator codes", () => {
  it("are accepted once, however they are typed", () => {
    const { codes: box } = codes();
    const { code } = box.issue();
    assert.match(code, /^.{4}-.{4}$/);
    assert.equal(box.redeem(` ${code.replace("-", "").toLowerCase()}`), "accepted");
    assert.equal(box.redeem(code), "none");
  });

  it("are valid for five minutes of the clock that never steps", () => {
    const { codes: box, clock } = codes();
    const { code, expiresMs } = box.issue();
    assert.equal(expiresMs, clock.monotonicMs() + 300_000);
    clock.wallMs += 86_400_000;
    clock.pass(299_999);
    assert.equal(box.redeem(WRONG), "wrong");
    clock.pass(1);
    assert.equal(box.redeem(code), "none");
  });

  it("take the place of the one before", () => {
    const { codes: box } = codes();
    const first = box.issue();
    const second = box.issue();
    assert.notEqual(first.code, second.code);
    assert.equal(box.redeem(first.code), "wrong");
    assert.equal(box.redeem(second.code), "accepted");
  });

  it("are void after five wrong tries, and a new one has five again", () => {
    const { codes: box } = codes();
    const { code } = box.issue();
    for (let tries = 0; tries < 5; tries++) assert.equal(box.redeem(WRONG), "wrong");
    assert.equal(box.redeem(code), "none");
    const next = box.issue();
    for (let tries = 0; tries < 4; tries++) assert.equal(box.redeem(WRONG), "wrong");
    assert.equal(box.redeem(next.code), "accepted");
  });

  it("tell when they are of no use any longer", () => {
    const { codes: box } = codes();
    let gone = 0;
    box.onGone(() => gone++);
    box.redeem(box.issue().code);
    assert.equal(gone, 1);
    box.issue();
    for (let tries = 0; tries < 4; tries++) box.redeem(WRONG);
    assert.equal(gone, 1);
    box.redeem(WRONG);
    assert.deepEqual([gone, box.issued], [2, 2]);
  });

  it("cost no try for what cannot be a code", () => {
    const { codes: box } = codes();
    const { code } = box.issue();
    for (let tries = 0; tries < 20; tries++) assert.equal(box.redeem("hello"), "malformed");
    assert.equal(box.redeem(code), "accepted");
  });

  it("do not exist before one is shown", () => {
    assert.equal(codes().codes.redeem(WRONG), "none");
  });

  it("are told of in the event log, but not what they are", () => {
    const { codes: box, log } = codes();
    const { code } = box.issue();
    box.redeem(WRONG);
    box.redeem(code);
    assert.deepEqual(log.names, ["admin-code-shown"]);
    assert.deepEqual(log.all[0]?.details, { validMinutes: 5 });
    const told = JSON.stringify(log.all).toUpperCase();
    assert.ok(!told.includes(code) && !told.includes(code.replace("-", "")));
  });

  it("ask for more random bytes when those they got do not do", () => {
    let asked = 0;
    const { codes: box } = codes((length) => {
      asked++;
      return new Uint8Array(length).fill(asked === 1 ? 255 : 0);
    });
    assert.equal(box.issue().code, "2222-2222");
    assert.equal(asked, 3);
  });
});
