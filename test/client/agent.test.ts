import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { Agent, tellNotice } from "../../src/client/agent.ts";
import { type AgentEvent, type AgentFields, LineLog } from "../../src/client/agent-log.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../src/domain/units.ts";
import { ClientRig } from "../support/client-rig.ts";
import { FAKE_PRODUCT, FakeHost } from "../support/fake-host.ts";

interface Told {
  readonly event: AgentEvent;
  readonly message: string;
  readonly fields: AgentFields;
  readonly atMs: number;
}

describe("the agent", () => {
  let rig: ClientRig;
  let host: FakeHost;
  let told: Told[];

  before(async () => {
    host = await FakeHost.start();
  });

  after(() => host.stop());

  beforeEach(async () => {
    rig = await ClientRig.make();
    host.behaviour = { nowMs: () => rig.machine.wallMs };
    host.requests.length = 0;
    told = [];
  });

  afterEach(() => rig.remove());

  const log = {
    record(event: AgentEvent, message: string, fields: AgentFields = {}) {
      told.push({ event, message, fields, atMs: rig.machine.wallMs });
    },
  };
  const events = (event: AgentEvent) => told.filter((each) => each.event === event);

  /** Runs an agent for a time that passes at once; in each of its waits something may happen. */
  async function run(durationMs: number, meanwhile: () => unknown = () => {}): Promise<number[]> {
    const client = rig.client(host.address);
    await client.install(FAKE_PRODUCT, host.vendor.publicJwk);
    const stop = new AbortController();
    const endMs = rig.machine.upMs + durationMs;
    const waits: number[] = [];
    const wait = async (delayMs: number) => {
      waits.push(delayMs);
      // Minutes in which nothing is due are passed over in one.
      rig.machine.pass(delayMs);
      await meanwhile();
      if (rig.machine.upMs >= endMs) stop.abort();
    };
    await new Agent(client, [FAKE_PRODUCT], log, wait).run(stop.signal);
    return waits;
  }

  it("activates at once, and looks at the clocks every minute", async () => {
    const waits = await run(5 * MINUTE_MS);
    assert.deepEqual(
      told.map(({ event }) => event),
      ["agent-started", "activated", "status-changed", "agent-stopped"],
    );
    assert.equal(host.requests.length, 1);
    assert.ok(waits.every((delayMs) => delayMs === MINUTE_MS));
  });

  it("renews every seven days and does not ask in between", async () => {
    await run(15 * DAY_MS, () => {
      rig.machine.pass(6 * HOUR_MS);
    });
    const renewals = events("renewed").map(({ atMs }) => atMs);
    assert.equal(renewals.length, 2);
    const [first = 0, second = 0] = renewals;
    assert.ok(second - first >= 7 * DAY_MS && second - first < 7 * DAY_MS + 7 * HOUR_MS);
  });

  it("tries every two hours below the threshold, and tells each time", async () => {
    const details = { count: 23, threshold: 25, retryIntervalMinutes: 120 };
    host.behaviour = { refuse: { name: "count-below-threshold", details } };
    await run(6 * HOUR_MS + MINUTE_MS);
    assert.deepEqual(
      host.requests.map(({ iat }) => iat - (host.requests[0]?.iat ?? 0)),
      [0, 7200, 14_400, 21_600],
    );
    assert.equal(events("count-below-threshold").length, 4);
    assert.equal(events("count-below-threshold")[0]?.fields.count, 23);
  });

  it("does once what is due, and nothing where nothing is, whoever starts it", async () => {
    const client = rig.client(host.address);
    await client.install(FAKE_PRODUCT, host.vendor.publicJwk);
    const never = new AbortController().signal;
    for (let hours = 0; hours < 24 * 8; hours++) {
      // A process of its own each time, as by a timer.
      await new Agent(rig.client(host.address), [FAKE_PRODUCT], log).runOnce(never);
      rig.machine.pass(HOUR_MS);
    }
    assert.deepEqual(
      told.map(({ event }) => event),
      ["activated", "status-changed", "renewed"],
    );
    const [first, , second] = told;
    const betweenMs = (second?.atMs ?? 0) - (first?.atMs ?? 0);
    assert.ok(betweenMs >= 7 * DAY_MS && betweenMs <= 7 * DAY_MS + HOUR_MS);
  });

  it("tells of failures and goes on", async () => {
    host.behaviour = { refuse: { name: "storage-failed" } };
    await run(2 * HOUR_MS + MINUTE_MS, () => {
      host.behaviour = { nowMs: () => rig.machine.wallMs };
    });
    assert.equal(events("attempt-failed")[0]?.fields.code, "storage-failed");
    assert.equal(events("activated").length, 1);
  });

  it("tells when a lease ends", async () => {
    await run(MINUTE_MS);
    host.behaviour = { answer: ({ socket }) => void socket.destroy() };
    rig.machine.reboot(200 * DAY_MS);
    await run(MINUTE_MS);
    assert.deepEqual(events("status-changed").at(-1)?.fields, {
      product: FAKE_PRODUCT,
      from: "licensed",
      to: "out-of-tolerance-grace",
    });
  });

  it("tells of clocks that step, and recovers", async () => {
    let minute = 0;
    await run(5 * MINUTE_MS, () => {
      minute++;
      if (minute === 2) rig.machine.wallMs += 1000 * DAY_MS;
      if (minute === 3) rig.machine.wallMs -= 1000 * DAY_MS;
    });
    assert.deepEqual(
      events("clock-stepped").map(({ fields }) => fields.direction),
      ["forward", "back"],
    );
    assert.equal(events("status-changed").at(-1)?.fields.to, "licensed");
  });

  it("makes a new identity when it wakes up on another machine", async () => {
    const client = rig.client(host.address);
    await client.install(FAKE_PRODUCT, host.vendor.publicJwk);
    await run(2 * HOUR_MS, () => {
      rig.machine.ids = { ...rig.machine.ids, hardware: ["board-2"] };
    });
    assert.equal(new Set(host.requests.map(({ sub }) => sub)).size, 2);
    assert.equal(rig.notices.at(-1)?.kind, "rearmed");
  });

  it("tells once of a fault of its state, and goes on when it is mended", async () => {
    await run(MINUTE_MS);
    const key = await readFile(rig.folder.keyPath);
    let minute = 0;
    await run(8 * DAY_MS + 5 * MINUTE_MS, async () => {
      minute++;
      if (minute === 1) {
        await writeFile(rig.folder.keyPath, "");
        rig.machine.pass(8 * DAY_MS);
      }
      if (minute === 4) await writeFile(rig.folder.keyPath, key);
    });
    // Once for the look at the machine and once for the product, though three minutes long.
    assert.deepEqual(
      events("state-failed").map(({ fields }) => fields.code),
      ["client-key-unusable", "client-key-unusable"],
    );
    assert.equal(events("renewed").length, 1);
  });

  it("stops in the middle of an attempt without keeping anything of it", async () => {
    const client = rig.client(host.address);
    await client.install(FAKE_PRODUCT, host.vendor.publicJwk);
    const stop = new AbortController();
    host.behaviour = { answer: () => stop.abort() };
    await new Agent(client, [FAKE_PRODUCT], log).run(stop.signal);
    assert.deepEqual(
      told.map(({ event }) => event),
      ["agent-started", "agent-stopped"],
    );
  });

  it("stops while it waits", async () => {
    const client = rig.client(host.address);
    await client.install(FAKE_PRODUCT, host.vendor.publicJwk);
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 300);
    await new Agent(client, [FAKE_PRODUCT], log).run(stop.signal);
    assert.equal(told.at(-1)?.event, "agent-stopped");
  });

  it("does not share its folder with another agent", async () => {
    const lock = await rig.folder.lockAgent();
    await assert.rejects(run(MINUTE_MS), { code: "file-locked" });
    await lock.release();
  });
});

describe("the agent's log", () => {
  const lines = (json: boolean) => {
    const written: string[] = [];
    const log = new LineLog(
      (line) => written.push(line),
      () => Date.UTC(2030, 0, 1),
      json,
    );
    tellNotice(log, { kind: "rearmed", cmid: "c" });
    tellNotice(log, { kind: "state-damaged", path: "/p", kept: "/k" });
    tellNotice(log, { kind: "lease-dropped", product: "cad", reason: "It does not hold." });
    log.record("agent-stopped", "Stopped as asked.");
    return written;
  };

  it("has a line for a person", () => {
    const [first, second, third, last] = lines(false);
    assert.match(
      first ?? "",
      /^2030-01-01T00:00:00\.000Z warn rearmed: A new identity.* cmid=c\n$/,
    );
    assert.match(second ?? "", /state-damaged: \/p was damaged.* kept=\/k\n$/);
    assert.match(third ?? "", /lease-dropped: .*It does not hold\. product=cad\n$/);
    assert.equal(last, "2030-01-01T00:00:00.000Z info agent-stopped: Stopped as asked.\n");
  });

  it("has an object on a line for a machine", () => {
    assert.deepEqual(JSON.parse(lines(true)[3] ?? ""), {
      time: "2030-01-01T00:00:00.000Z",
      level: "info",
      event: "agent-stopped",
      message: "Stopped as asked.",
    });
  });
});
