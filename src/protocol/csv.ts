/** What a cell may hold. */
export type CsvValue = string | number | boolean | null;

/**
 * Where a spreadsheet takes what follows for a formula, or passes over it before one: at a cell's
 * beginning, and where one that divides lines at semicolons or tabs would begin another cell.
 */
const FORMULA = /(^|[;\t])(?=[=+\-@\t\r\n])/g;
const NUMBER = /^-?\d+(\.\d+)?$/;
const NEEDS_QUOTES = /[",\r\n]/;

/**
 * A line of comma-separated values, with its end (RFC 4180). Text that a spreadsheet would run as a
 * formula begins with an apostrophe: host names come from the network.
 */
export function csvLine(values: readonly CsvValue[]): string {
  return `${values.map(csvCell).join(",")}\r\n`;
}

function csvCell(value: CsvValue): string {
  if (value === null) return "";
  const text = String(value);
  const isText = typeof value === "string" && !NUMBER.test(text);
  const safe = isText ? text.replaceAll(FORMULA, "$1'") : text;
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
