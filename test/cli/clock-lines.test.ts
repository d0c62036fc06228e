import assert from "node:assert/strict";
import { clockLines, parseTime } from "../../src/cli/box/clock-lines.ts";
import { formatLogTime } from "../../src/cli/support/dates.ts";
import type { ClockAnswer } from "../../src/web/api/clock-schemas.ts";

const TIME = "2030-01-31T14:05:09.000Z";
const LOCAL = formatLogTime(Date.parse(TIME));
const GOOD: ClockAnswer = {
  time: TIME,
  trusted: true,
  verdict: "good",
  detail: "NTP (chrony)",
  mark: TIME,
  expected: TIME,
  confirmed: null,
  lastStep: null,
  sources: [
    {
      name: "timesyncd",
      authority: "ntp",
      trusted: false,
      detail: "it heard no time server",
      ageSeconds: null,
    },
    { name: "chrony", authority: "ntp", trusted: true, detail: "NTP (chrony)", ageSeconds: 64 },
  ],
};

describe("the lines of kms-box clock", () => {
  it("tell the time, what vouches for it and every source", () => {
    assert.deepEqual(clockLines(GOOD), [
      `Time          ${LOCAL}`,
      "Trusted       yes: NTP (chrony)",
      `Latest known  ${LOCAL}`,
      "",
      "SOURCE     VOUCHES  AGE   DETAIL",
      "timesyncd  no       –     it heard no time server",
      "chrony     yes      64 s  NTP (chrony)",
    ]);
  });

  it("tell why it is not trusted, what was expected, and the last step", () => {
    const lines = clockLines({
      ...GOOD,
      trusted: false,
      verdict: "ahead",
      detail: "The clock is ahead.",
      mark: null,
      confirmed: TIME,
      lastStep: { from: TIME, to: TIME, seconds: -7200 },
      sources: [],
    });
    assert.deepEqual(lines, [
      `Time           ${LOCAL}`,
      "Trusted        NO",
      "Latest known   nothing yet",
      `Expected       ${LOCAL}`,
      `Believed from  ${LOCAL}`,
      `Last step      2 hours back, from ${LOCAL} to ${LOCAL}`,
      "",
      "The clock is ahead.",
    ]);
  });
});

describe("a time on the command line", () => {
  it("is the local clock's, or has its offset", () => {
    assert.equal(parseTime("2030-01-31 14:05"), new Date(2030, 0, 31, 14, 5).getTime());
    assert.equal(parseTime("2030-01-31T14:05:09"), new Date(2030, 0, 31, 14, 5, 9).getTime());
    assert.equal(parseTime(TIME), Date.parse(TIME));
    assert.equal(parseTime("2030-01-31 14:05+01:00"), Date.parse("2030-01-31T13:05:00Z"));
  });

  it("is refused if it is none", () => {
    for (const text of [
      "",
      "14:05",
      "2030-02-30 14:05",
      "2030-13-01 14:05",
      "2030-01-31",
      "31.1.2030 14:05",
      "2030-01-31 25:05",
    ]) {
      assert.equal(parseTime(text), undefined, text);
    }
  });
});
