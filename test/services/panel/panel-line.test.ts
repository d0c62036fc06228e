import assert from "node:assert/strict";
import type { LampPatterns } from "../../../src/panel/lamps.ts";
import type { Screen } from "../../../src/panel/screen.ts";
import { panelLine } from "../../../src/services/panel/panel-line.ts";
import { panelFacts } from "../../support/panel-facts.ts";

const DARK: LampPatterns = { green: "off", yellow: "off", red: "off", activity: "off" };
const HEALTH: Screen = {
  kind: "page",
  name: { page: "health" },
  position: 4,
  pages: 5,
  sinceMs: 1234,
};
const fault = (title: string, level: "fault" | "attention") => ({
  level,
  code: "x",
  title,
  nextStep: "do this",
});

function line(screen: Screen, overrides = {}, lamps: Partial<LampPatterns> = {}): string {
  return panelLine(screen, panelFacts(overrides), { ...DARK, ...lamps });
}

describe("the panel in one line", () => {
  it("is every fault and every count, whichever page is shown, and the LEDs", () => {
    const faults = [fault("NO CLOCK", "fault"), fault("TOO HOT", "attention")];
    const counts = [
      { name: "Writer", activationCount: 3, activationThreshold: 5 },
      { name: "Server", activationCount: 5, activationThreshold: 5 },
    ];
    assert.equal(
      line(HEALTH, { faults, counts }, { green: "slow", red: "steady" }),
      "fault: NO CLOCK, do this | attention: TOO HOT, do this | Writer, 3 of 5, NEEDS 2 MORE | " +
        "Server, 5 of 5, ACTIVATING | green slow, red steady",
    );
  });

  it("is the LEDs alone where there is nothing to count", () => {
    assert.equal(line(HEALTH, { counts: [] }, { green: "slow" }), "green slow");
  });

  it("is what stands in front of the pages instead of them", () => {
    assert.equal(
      line({ kind: "message", title: "NO RESET", detail: "disk full" }),
      "NO RESET, disk full",
    );
    assert.equal(line({ kind: "stopped" }), "stopped, safe to unplug");
  });

  it("never has a code, and does not change with a countdown", () => {
    const code = (remainingMs: number) => line({ kind: "code", code: "7KM4-TXWC", remainingMs });
    assert.equal(code(300_000), "one-time code shown on the display");
    assert.equal(code(300_000), code(1000));
    const confirm = (remainingMs: number) => line({ kind: "confirm-reset", remainingMs });
    assert.equal(confirm(10_000), confirm(1000));
    const held = (heldMs: number, nextInMs: number) =>
      line({ kind: "holding", heldMs, action: "tap", next: "code", nextInMs });
    assert.deepEqual([held(1000, 2000), held(2000, 1000)], ["button held", "button held"]);
  });
});
