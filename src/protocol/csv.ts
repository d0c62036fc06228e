/** What a cell may hold. */
export type CsvValue = string | number | boolean | null;

/** What a spreadsheet takes for the beginning of a formula, and what it passes over before one. */
const FORMULA = /^[=+\-@\t\r\n]/;
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
  const safe = typeof value === "string" && isFormula(text) ? `'${text}` : text;
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function isFormula(text: string): boolean {
  return FORMULA.test(text) && !NUMBER.test(text);
}
