import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { type FactoryReset, FactoryResetFailedError } from "../../src/ports/factory-reset.ts";
import { PowerOffFailedError } from "../../src/ports/power-switch.ts";
import { Endings } from "../../src/services/endings.ts";
import { RecordedEvents } from "../support/recorded-events.ts";

describe("the endings of the service", () => {
  let events: RecordedEvents;
  let record: () => Promise<void>;
  let off: () => Promise<void>;
  let endings: Endings;
  let ended: unknown;

  beforeEach(() => {
    events = new RecordedEvents();
    record = async () => undefined;
    const reset: FactoryReset = { record: () => record() };
    off = async () => undefined;
    endings = new Endings({ events, reset, power: { off: () => off() } });
    ended = undefined;
    void endings.first.then((ending) => {
      ended = ending;
    });
  });

  it("are none at first", async () => {
    await turn();
    assert.equal(endings.reached, undefined);
    assert.equal(ended, undefined);
  });

  it("are a signal", async () => {
    endings.signalled("SIGTERM");
    await turn();
    assert.deepEqual(ended, { kind: "signal", signal: "SIGTERM" });
    assert.deepEqual(events.all, []);
  });

  it("are a restart, with who asked for it in the log", async () => {
    endings.requestRestart("button");
    await turn();
    assert.deepEqual(ended, { kind: "restart", by: "button" });
    const [told] = events.named("restart-requested");
    assert.equal(told?.message, "A restart was asked for by the button.");
    assert.deepEqual(told?.details, { by: "button" });
  });

  it("wait until the answer has gone out", async () => {
    let sent = (): void => undefined;
    const answered = new Promise<void>((resolve) => {
      sent = resolve;
    });
    endings.requestRestart("command", answered);
    await turn();
    assert.deepEqual([endings.reached?.kind, ended], ["restart", undefined]);
    sent();
    await turn();
    assert.deepEqual(ended, { kind: "restart", by: "command" });
  });

  it("do not wait for an answer that nobody takes", async () => {
    endings.requestRestart("command", Promise.reject(new Error("gone")));
    await turn();
    assert.deepEqual(ended, { kind: "restart", by: "command" });
  });

  it("are a factory reset once it is recorded", async () => {
    let recorded = (): void => undefined;
    record = () =>
      new Promise((resolve) => {
        recorded = resolve;
      });
    const asked = endings.requestFactoryReset("command");
    await turn();
    assert.deepEqual([ended, events.names], [undefined, []]);
    recorded();
    await asked;
    await turn();
    assert.deepEqual(ended, { kind: "factory-reset", by: "command" });
    assert.deepEqual(events.named("factory-reset-requested")[0]?.details, { by: "command" });
  });

  it("leave the service as it is if a reset cannot be recorded, and another may be asked for", async () => {
    record = () => Promise.reject(new FactoryResetFailedError("the disk is full"));
    await assert.rejects(endings.requestFactoryReset("button"), { code: "factory-reset-failed" });
    await turn();
    assert.deepEqual([ended, endings.reached, events.names], [undefined, undefined, []]);
    record = async () => undefined;
    await endings.requestFactoryReset("button");
    assert.equal(endings.reached?.kind, "factory-reset");
  });

  it("are a shutdown of the machine once that begins, with who asked for it in the log", async () => {
    let begin = (): void => undefined;
    off = () =>
      new Promise((resolve) => {
        begin = resolve;
      });
    const asked = endings.requestPowerOff("button");
    await turn();
    assert.equal(ended, undefined);
    assert.throws(() => endings.requestRestart("command"), { code: "already-ending" });
    begin();
    await asked;
    await turn();
    assert.deepEqual(ended, { kind: "power-off", by: "button" });
    assert.deepEqual(events.named("power-off-requested")[0]?.details, { by: "button" });
  });

  it("are a shutdown also where its signal comes before it is heard that it begins", async () => {
    off = async () => endings.signalled("SIGTERM");
    await endings.requestPowerOff("command");
    await turn();
    assert.deepEqual(ended, { kind: "power-off", by: "command" });
  });

  it("leave the service as it is if the machine cannot be switched off, and tell why", async () => {
    off = () => Promise.reject(new PowerOffFailedError("pull the plug"));
    await assert.rejects(endings.requestPowerOff("button"), { code: "power-off-failed" });
    await turn();
    assert.deepEqual([ended, endings.reached], [undefined, undefined]);
    assert.equal(events.named("power-off-failed")[0]?.message, "pull the plug");
    endings.requestRestart("button");
    assert.equal(endings.reached?.kind, "restart");
  });

  it("are decided by the first who asks", async () => {
    endings.requestRestart("button");
    assert.throws(() => endings.requestRestart("command"), { code: "already-ending" });
    await assert.rejects(endings.requestFactoryReset("command"), { code: "already-ending" });
    endings.signalled("SIGINT");
    await turn();
    assert.deepEqual(ended, { kind: "restart", by: "button" });
    assert.deepEqual(events.names, ["restart-requested"]);
  });

  it("are a signal that comes while a reset is being recorded, which stays recorded", async () => {
    const asked = endings.requestFactoryReset("button");
    assert.throws(() => endings.requestRestart("command"), { code: "already-ending" });
    endings.signalled("SIGTERM");
    await asked;
    await turn();
    assert.deepEqual(ended, { kind: "signal", signal: "SIGTERM" });
    assert.deepEqual(events.names, ["factory-reset-requested"]);
  });
});
