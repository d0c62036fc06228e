import { SECOND_MS } from "../../domain/units.ts";
import type { ClockAnswer } from "../../web/api/clock-schemas.ts";
import { formatDuration, formatLogTime } from "../support/dates.ts";
import { fieldLines, tableLines } from "../support/table.ts";

type Source = ClockAnswer["sources"][number];

/** What the clock is trusted by, for a person. */
export function clockLines(answer: ClockAnswer): string[] {
  const { time, trusted, detail, mark, expected, confirmed, lastStep, sources } = answer;
  const shown = (text: string | null) => (text === null ? [] : [formatLogTime(Date.parse(text))]);
  const fields = [
    ["Time", shown(time)],
    ["Trusted", [trusted ? `yes: ${detail}` : "NO"]],
    ["Latest known", mark === null ? ["nothing yet"] : shown(mark)],
    ["Expected", answer.verdict === "ahead" ? shown(expected) : []],
    ["Believed from", shown(confirmed)],
    ["Last step", lastStep === null ? [] : [stepText(lastStep)]],
  ] as const;
  return [
    ...fieldLines(
      fields.flatMap(([name, [value]]) => (value === undefined ? [] : [[name, value]])),
    ),
    ...(trusted ? [] : ["", detail]),
    ...(sources.length === 0 ? [] : ["", ...tableLines(COLUMNS, sources)]),
  ];
}

const COLUMNS = [
  { title: "SOURCE", cell: ({ name }: Source) => name },
  { title: "VOUCHES", cell: ({ trusted }: Source) => (trusted ? "yes" : "no") },
  {
    title: "AGE",
    cell: ({ ageSeconds }: Source) => (ageSeconds === null ? "–" : lengthText(ageSeconds)),
  },
  { title: "DETAIL", cell: ({ detail }: Source) => detail },
];

function stepText({ from, to, seconds }: NonNullable<ClockAnswer["lastStep"]>): string {
  const by = `${lengthText(Math.abs(seconds))} ${seconds < 0 ? "back" : "forward"}`;
  return `${by}, from ${formatLogTime(Date.parse(from))} to ${formatLogTime(Date.parse(to))}`;
}

function lengthText(seconds: number): string {
  return seconds < 120 ? `${seconds} s` : formatDuration(seconds * SECOND_MS);
}

const TIME = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)?$/;

/**
 * Reads a time as ISO 8601 has it, with a blank for the `T` if somebody likes; without an offset it is
 * the local clock's. Undefined if it is none, or there is no such day.
 */
export function parseTime(text: string): number | undefined {
  const match = TIME.exec(text.trim());
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second = "00", offset = ""] = match;
  const date = `${year}-${month}-${day}`;
  const isDay = new Date(`${date}T00:00:00Z`).toJSON()?.slice(0, 10) === date;
  const timeMs = Date.parse(`${date}T${hour}:${minute}:${second}${offset}`);
  return isDay && !Number.isNaN(timeMs) ? timeMs : undefined;
}
