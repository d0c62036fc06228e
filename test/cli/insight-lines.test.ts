import assert from "node:assert/strict";
import { calendarLines } from "../../src/cli/box/calendar.ts";
import { cloneLines } from "../../src/cli/box/clones.ts";
import { forecastLines } from "../../src/cli/box/forecast-lines.ts";
import { formatTime } from "../../src/cli/support/dates.ts";
import type {
  CalendarAnswer,
  ClonesAnswer,
  ForecastAnswer,
} from "../../src/web/api/insight-schemas.ts";

const TIME = "2030-01-31T14:05:00.000Z";
const SHOWN = formatTime(Date.parse(TIME));
const WRITER: ForecastAnswer["products"][number] = {
  product: "writer",
  name: "Writer",
  application: "office",
  threshold: 25,
  countNow: 26,
  leaving: 2,
  days: Array.from({ length: 31 }, (_, day) => (day < 10 ? 26 : 24)),
  lowest: 24,
  fallsBelow: TIME,
  absent: 2,
  machines: [{ cmid: "c", hostname: "pc-1", lastContact: TIME, leaves: TIME }],
};
const ANSWER: ForecastAnswer = {
  time: TIME,
  clockTrusted: true,
  overdue: 2,
  retired: [],
  safe: false,
  products: [WRITER],
};
const PLAIN = { isWhatIf: false, nobodyReturns: false };
const last = (answer: Partial<ForecastAnswer>, asked = PLAIN) =>
  forecastLines({ ...ANSWER, ...answer }, asked).at(-1);

describe("a forecast for a person", () => {
  it("has the counts of some days, the fall, and who leaves until then", () => {
    assert.deepEqual(forecastLines(ANSWER, PLAIN), [
      "PRODUCT  THRESHOLD  NOW  7 DAYS  14 DAYS  21 DAYS  30 DAYS",
      "writer          25   26      26       24       24       24",
      "",
      `Writer falls below its threshold of 25 on ${SHOWN}, when 2 machines have left:`,
      "  HOST NAME  LAST CONTACT             LEAVES",
      `  pc-1       ${SHOWN}  ${SHOWN}`,
      "  and 1 more (--json names 100)",
      "",
      "2 machines are overdue and taken to be gone; all others are expected to keep their rhythm " +
        "(--pessimistic: nobody comes again).",
    ]);
  });

  it("says what is kept, what is lost already, and by which clock", () => {
    const kept = { ...WRITER, fallsBelow: null, absent: 0, machines: [], lowest: 25 };
    const lost = { ...kept, countNow: 20, name: "Server" };
    const lines = forecastLines({ ...ANSWER, products: [kept, lost], clockTrusted: false }, PLAIN);
    assert.equal(lines[0], "The clock is not trusted: the days are by a time that may be wrong.");
    assert.deepEqual(lines.slice(6, 8), [
      "Writer keeps its threshold of 25: the count does not fall below 25.",
      "Server is below its threshold now: 5 more must ask.",
    ]);
    assert.deepEqual(forecastLines({ ...ANSWER, products: [] }, PLAIN), [
      "No valid licence names a product: there is nothing to foresee.",
    ]);
  });

  it("ends with the verdict on what was asked", () => {
    const whatIf = { ...PLAIN, isWhatIf: true };
    const one = { name: "pc", machines: [{ cmid: "c", hostname: "pc" }] };
    const two = { name: "lab", machines: [...one.machines, ...one.machines] };
    assert.equal(
      last({ retired: [one], safe: true }, whatIf),
      "This machine may be retired: every product keeps its threshold.",
    );
    const refused = forecastLines({ ...ANSWER, retired: [one, two] }, whatIf);
    assert.deepEqual(refused.slice(-2), [
      "lab means 2 machines, all of them.",
      "These 3 machines should not be retired before others have come.",
    ]);
    assert.match(
      last({}, { ...PLAIN, nobodyReturns: true }) ?? "",
      /if no machine at all comes again/,
    );
    assert.match(last({ overdue: 0 }) ?? "", /^No machine is overdue; all others/);
    assert.match(last({ overdue: 1 }) ?? "", /^1 machine is overdue/);
  });
});

describe("clones for a person", () => {
  const machine = (hostname: string, returns: number) => ({
    ...{ hostname, returns, fingerprint: "abcdefghijklmnop" },
    ...{ firstSeen: TIME, lastSeen: TIME },
  });
  const clone: ClonesAnswer["clones"][number] = {
    cmid: "c-1",
    evidence: "alternation",
    active: true,
    uncounted: 1,
    machines: [machine("pc-1", 1), machine("pc-2", 0)],
    remedy: "Do it.",
  };

  it("are told with their evidence and what to do", () => {
    assert.deepEqual(cloneLines({ clones: [clone] }), [
      "c-1: 2 machines, one came back after another had come",
      "  HOST NAME  FINGERPRINT    FIRST SEEN               LAST SEEN                CAME BACK",
      `  pc-1       abcdefghijkl…  ${SHOWN}  ${SHOWN}          1`,
      `  pc-2       abcdefghijkl…  ${SHOWN}  ${SHOWN}          0`,
      "  → Do it.",
      "",
      "1 machine is not counted.",
    ]);
    const ended = { ...clone, evidence: "overlap" as const, active: false };
    const lines = cloneLines({ clones: [ended] });
    assert.match(lines[0] ?? "", /than a machine is replaced; only one goes on asking$/);
    assert.equal(lines.at(-1), "0 machines are not counted.");
    assert.deepEqual(cloneLines({ clones: [] }), ["No CMID was seen on several machines."]);
  });
});

describe("the calendar for a person", () => {
  it("has a line for each machine", () => {
    const lapse: CalendarAnswer["lapses"][number] = {
      ...{ cmid: "c", hostname: "pc-1", product: "writer", counts: false },
      ...{ lastContact: TIME, lapses: TIME },
    };
    assert.deepEqual(calendarLines({ total: 2, lapses: [lapse] }), [
      "LAPSES                   HOST NAME  PRODUCT  LAST CONTACT             COUNTS",
      `${SHOWN}  pc-1       writer   ${SHOWN}  no`,
      "",
      "2 activations lapse; the first 1 are shown",
    ]);
    assert.deepEqual(calendarLines({ total: 0, lapses: [] }), [
      "Every activated machine has come back.",
    ]);
  });
});
