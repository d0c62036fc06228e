import assert from "node:assert/strict";
import { dayText, momentText, numberText, spanText } from "../../../src/web/status/phrases.ts";

describe("how the status page puts it", () => {
  const zone = process.env.TZ;
  afterEach(() => {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  });
  const MS = Date.UTC(2027, 10, 3, 22, 5);

  it("gives days and moments by the box's own time zone", () => {
    const told = (TZ: string) => {
      process.env.TZ = TZ;
      return [dayText(MS), momentText(MS)];
    };
    assert.deepEqual(told("UTC"), ["3 November 2027", "3 Nov, 22:05 UTC"]);
    assert.deepEqual(told("Asia/Kolkata"), ["4 November 2027", "4 Nov, 03:35 UTC+5:30"]);
    assert.deepEqual(told("America/St_Johns"), ["3 November 2027", "3 Nov, 19:35 UTC-2:30"]);
    assert.deepEqual(told("Europe/Berlin"), ["3 November 2027", "3 Nov, 23:05 UTC+1"]);
  });

  it("parts the thousands of a number", () => {
    const told = [0, 999, 1000, 10_000, 1_234_567].map(numberText);
    assert.deepEqual(told, ["0", "999", "1,000", "10,000", "1,234,567"]);
  });

  it("gives a length of time in one unit, rounded down", () => {
    const told = [59_999, 60_000, 7_199_999, 7_200_000, 172_800_000].map(spanText);
    assert.deepEqual(told, ["less than a minute", "1 minute", "119 minutes", "2 hours", "2 days"]);
  });
});
