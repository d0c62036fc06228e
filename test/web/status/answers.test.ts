import assert from "node:assert/strict";
import { DAY_MS } from "../../../src/domain/units.ts";
import type { PanelFacts } from "../../../src/panel/facts.ts";
import { answerNextWeek, answerNow } from "../../../src/web/status/answers.ts";
import type { StatusView } from "../../../src/web/status/status-view.ts";
import { START_MS } from "../../support/fake-clock.ts";
import { panelFacts } from "../../support/panel-facts.ts";

const count = (name: string, activationCount: number, activationThreshold = 25) => ({
  ...{ name, activationCount, activationThreshold },
});

function view(facts: Partial<PanelFacts> = {}, more: Partial<StatusView> = {}): StatusView {
  return {
    facts: panelFacts(facts),
    products: [
      {
        ...{ id: "d", name: "Desktop", application: "office" },
        ...{ count: 31, threshold: 25, activating: true },
      },
    ],
    licenceEndsMs: START_MS + 300 * DAY_MS,
    outlook: [],
    httpsPort: 443,
    ...more,
  };
}

const fault = (code: string, nextStep: string) =>
  ({ level: "fault", code, title: "X", nextStep }) as const;

describe("are we activating?", () => {
  const cases: readonly [string, Partial<PanelFacts>, string, RegExp][] = [
    ["all have reached their threshold", {}, "Yes", /^Every machine that asks is activated\.$/],
    ["it starts", { serving: false }, "Starting", /just started/],
    ["one machine is missing", { counts: [count("A", 24)] }, "Not yet", /1 more machine has asked/],
    ["several are", { counts: [count("A", 20)] }, "Not yet", /5 more machines have asked/],
    [
      "some have",
      { counts: [count("C", 1), count("A", 25), count("B", 26)] },
      "In part",
      /^A and B: yes\. C is activated once 24 more/,
    ],
    ["there is no product", { counts: [] }, "No", /no product/],
    [
      "there is no time",
      { faults: [fault("clock-untrusted", "connect NTP or set it")] },
      "No",
      /Nobody is activated\. The box does not know yet what time it is\. What to do: connect NTP/,
    ],
    ["a fault hinders nobody", { faults: [fault("dns-failed", "check")] }, "Yes", /Every machine/],
  ];
  for (const [when, facts, short, long] of cases) {
    it(`is answered "${short}" where ${when}`, () => {
      const answer = answerNow(view(facts));
      assert.equal(answer.short, short);
      assert.match(answer.long, long);
    });
  }
});

describe("and next week?", () => {
  const asked = (of: StatusView) => answerNextWeek(of, answerNow(of));
  const outlook = (inDays: number | null, threshold = 25) => ({
    outlook: [
      {
        ...{ application: "office", threshold },
        lostMs: inDays === null ? null : START_MS + inDays * DAY_MS,
      },
    ],
  });
  const below = [count("A", 3)];
  const cases: readonly [string, StatusView, string, RegExp][] = [
    ["nothing is foreseen", view({}, outlook(null)), "Yes", /stays at the threshold/],
    ["it is lost later", view({}, outlook(20)), "Yes", /until \d+ \w+ \d{4}/],
    ["it is lost before", view({}, outlook(3)), "Perhaps not", /Desktop falls below 25 machines/],
    ["another threshold is", view({}, outlook(3, 99)), "Yes", /stays/],
    ["no forecast is made yet", view({}, { outlook: undefined }), "Not yet known", /forecast/],
    ["nothing is activated yet", view({ counts: below }), "Not yet known", /Only if more machines/],
    ["nobody is activated", view({ counts: [] }), "No", /put right/],
    [
      "the licence ends before",
      view({}, { licenceEndsMs: START_MS + 6 * DAY_MS }),
      "No",
      /licence ends on/,
    ],
  ];
  for (const [when, of, short, long] of cases) {
    it(`is answered "${short}" where ${when}`, () => {
      const answer = asked(of);
      assert.equal(answer.short, short);
      assert.match(answer.long, long);
    });
  }
});
