/** A value of a `--json` answer on standard output. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** One error: as JSON on standard output where that was asked for, else a sentence for a person. */
export function printError(code: string, message: string, json: boolean): void {
  if (json) printJson({ error: { code, message } });
  else process.stderr.write(`Error: ${message}\n`);
}

/** Rows of a label and a value, the values in one column; rows without a value are left out. */
export function printTable(rows: readonly (readonly [string, string | null])[]): void {
  const shown = rows.filter((row): row is readonly [string, string] => row[1] !== null);
  const width = Math.max(0, ...shown.map(([label]) => label.length));
  for (const [label, value] of shown) {
    process.stdout.write(`${label.padEnd(width)}  ${value}\n`);
  }
}
