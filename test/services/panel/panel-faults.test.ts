import assert from "node:assert/strict";
import type { LicenceClaims } from "../../../src/domain/claims.ts";
import { LicenceBook } from "../../../src/domain/licence.ts";
import { DAY_MS, SECOND_MS } from "../../../src/domain/units.ts";
import { panelFaults, type Troubles } from "../../../src/services/panel/panel-faults.ts";
import { START_MS } from "../../support/fake-clock.ts";

const NONE: Troubles = {
  health: { healthy: true, reasons: [] },
  licences: new LicenceBook([]),
  nowMs: START_MS,
  clockTrusted: true,
  link: "up",
  temperatureCelsius: 45,
  freeBytes: 1e9,
  lowVoltage: false,
  fileSystemErrors: 0,
  dns: [],
  network: [],
  setup: [],
};

const faults = (troubles: Partial<Troubles>) => panelFaults({ ...NONE, ...troubles });
const codes = (troubles: Partial<Troubles>) => faults(troubles).map(({ code }) => code);

function endingAfter(days: number, id = "writer"): LicenceBook {
  const claims = {
    products: [{ id, name: id, application: "office", threshold: 25 }],
    iat: 0,
    nbf: 0,
    exp: (START_MS + days * DAY_MS) / SECOND_MS,
  } as unknown as LicenceClaims;
  return new LicenceBook([{ token: `t${days}`, vendorThumbprint: "v", claims }]);
}

const health = (...reasons: string[]) => ({
  healthy: false,
  reasons: reasons.map((code) => ({ code, detail: "" })),
});

describe("what the panel calls wrong", () => {
  it("is nothing on a healthy box", () => {
    assert.deepEqual(faults({}), []);
    assert.deepEqual(faults({ link: "unknown", temperatureCelsius: null, freeBytes: null }), []);
  });

  it("is every reason of the host's health, the gravest first", () => {
    assert.deepEqual(
      codes({ health: health("no-licence", "clock-untrusted", "storage-failed"), link: "down" }),
      ["storage-failed", "clock-untrusted", "no-licence", "no-network"],
    );
  });

  it("is what the network lacks, unless its link is down", () => {
    const fault = {
      level: "attention",
      code: "no-route",
      title: "NO ROUTE",
      nextStep: "",
    } as const;
    assert.deepEqual(codes({ network: [fault] }), ["no-route"]);
    assert.deepEqual(codes({ network: [fault], link: "down" }), ["no-network"]);
  });

  it("is what the administrator gave the box to set itself up, also without a network", () => {
    const fault = { level: "attention", code: "setup-failed", title: "S", nextStep: "" } as const;
    assert.deepEqual(codes({ setup: [fault], link: "down" }), ["no-network", "setup-failed"]);
  });

  it("says in plain words what to do", () => {
    assert.deepEqual(faults({ health: health("clock-untrusted") }), [
      {
        level: "fault",
        code: "clock-untrusted",
        title: "NO CLOCK",
        nextStep: "connect NTP or set it",
      },
    ]);
  });

  it("is a licence in the last 30 days of its time, unless the time is unknown", () => {
    assert.deepEqual(codes({ licences: endingAfter(31) }), []);
    const [fault] = faults({ licences: endingAfter(30) });
    assert.deepEqual([fault?.level, fault?.code], ["attention", "licence-expiring"]);
    assert.match(fault?.nextStep ?? "", /^in 30 days:/);
    assert.match(faults({ licences: endingAfter(0.5) })[0]?.nextStep ?? "", /^in 1 day:/);
    assert.deepEqual(codes({ licences: endingAfter(-1) }), []);
    assert.deepEqual(codes({ licences: endingAfter(5), clockTrusted: false }), []);
  });

  it("is not a licence that another takes over from", () => {
    const both = new LicenceBook([...endingAfter(5).licences, ...endingAfter(400).licences]);
    assert.deepEqual(codes({ licences: both }), []);
  });

  it("is heat, and a flash that is nearly full", () => {
    assert.deepEqual(codes({ temperatureCelsius: 79.9 }), []);
    assert.deepEqual(codes({ temperatureCelsius: 80, freeBytes: 99e6 }), ["too-hot", "flash-full"]);
  });

  it("is a supply that is too weak, and a file system with errors", () => {
    assert.deepEqual(codes({ lowVoltage: null, fileSystemErrors: null }), []);
    assert.deepEqual(codes({ lowVoltage: true, fileSystemErrors: 1 }), [
      "low-voltage",
      "flash-errors",
    ]);
  });

  it("fits the panel's fields", () => {
    const all = faults({
      health: health("no-licence", "clock-untrusted", "storage-failed"),
      link: "down",
      temperatureCelsius: 90,
      freeBytes: 0,
      lowVoltage: true,
      fileSystemErrors: 1,
      licences: endingAfter(30),
    });
    assert.equal(all.length, 9);
    for (const { title, nextStep } of all) {
      assert.ok(title.length <= 20 && title === title.toUpperCase(), title);
      assert.ok(nextStep.length <= 60, nextStep);
    }
  });
});
