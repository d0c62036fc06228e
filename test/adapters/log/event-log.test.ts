import assert from "node:assert/strict";
import { pino } from "pino";
import { PinoEventLog } from "../../../src/adapters/log/pino-event-log.ts";
import { textLines } from "../../../src/adapters/log/text-lines.ts";
import { EVENTS, type EventName } from "../../../src/domain/events.ts";
import { FakeClock, START_MS } from "../../support/fake-clock.ts";

function logTo(lines: string[], level = "debug") {
  const logger = pino({ level }, { write: (line: string) => void lines.push(line) });
  return new PinoEventLog(logger, new FakeClock());
}

describe("the event log", () => {
  it("writes one JSON object a line, with name, number and details", () => {
    const lines: string[] = [];
    logTo(lines).record("threshold-lost", "Too few.", { count: 23 });
    const { event, eventId, count, level, msg } = JSON.parse(lines[0] ?? "");
    assert.deepEqual(
      { event, eventId, count, level, msg },
      { event: "threshold-lost", eventId: 211, count: 23, level: 40, msg: "Too few." },
    );
  });

  it("keeps events for those who ask, with a sequence of their own", () => {
    const log = logTo([], "error");
    log.record("service-started", "Started.");
    log.record("request-refused", "No.", { source: "192.0.2.1" });
    assert.deepEqual(log.after(1), [
      {
        sequence: 2,
        timeMs: START_MS,
        id: 201,
        name: "request-refused",
        level: "warn",
        message: "No.",
        details: { source: "192.0.2.1" },
      },
    ]);
    assert.deepEqual(log.after(2), []);
  });

  it("tells a listener of each event that it keeps", () => {
    const log = logTo([], "error");
    const heard: string[] = [];
    log.listen((name) => heard.push(name));
    log.record("request-received", "Counted.");
    log.record("storage-compacted", "For a developer.");
    assert.deepEqual(heard, ["request-received"]);
  });

  it("keeps the newest thousand, oldest first, however many there were", () => {
    const log = logTo([], "error");
    for (let n = 1; n <= 2345; n++) log.record("service-started", `${n}`);
    const kept = log.after(0);
    assert.equal(kept.length, 1000);
    assert.deepEqual(
      kept.map(({ sequence, message }) => [sequence, message]),
      Array.from({ length: 1000 }, (_, n) => [1346 + n, `${1346 + n}`]),
    );
    assert.equal(log.after(2000).length, 345);
  });

  it("keeps none of what is only for a developer, nor counts it among the thousand", () => {
    const log = logTo([], "error");
    for (let n = 1; n <= 3000; n++) {
      log.record(n % 2 === 0 ? "storage-compacted" : "service-started", `${n}`);
    }
    const kept = log.after(0);
    assert.equal(kept.length, 1000);
    assert.ok(kept.every(({ name }) => name === "service-started"));
    assert.equal(kept.at(-1)?.message, "2999");
    assert.equal(kept[0]?.message, "1001");
  });

  it("has a number of its own for every event, in the hundred of its kind", () => {
    const names = Object.keys(EVENTS) as EventName[];
    const ids = names.map((name) => EVENTS[name][0]);
    assert.equal(new Set(ids).size, ids.length);
    assert.ok(ids.every((id) => id >= 100 && id < 1000));
  });
});

describe("log lines for a person", () => {
  it("say when, how grave, what and why", () => {
    const written: string[] = [];
    const lines = textLines({ write: (text) => written.push(text) });
    const time = new Date(2025, 0, 6, 8, 5, 9).getTime();
    lines.write(JSON.stringify({ time, level: 30, event: "service-started", msg: "Here." }));
    lines.write(JSON.stringify({ time, level: 60 }));
    lines.write(JSON.stringify({ time, level: 50, msg: "Oh.", err: { stack: "at x" } }));
    assert.deepEqual(written, [
      "08:05:09 info  service-started   Here.\n",
      "08:05:09                         \n",
      "08:05:09 error                   Oh.\nat x\n",
    ]);
  });
});
