/** A value of a `--json` answer on standard output. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** One error: as JSON on standard output where that was asked for, else a sentence for a person. */
export function printError(code: string, message: string, json: boolean): void {
  // On one line, since it may follow lines of JSON.
  if (json) process.stdout.write(`${JSON.stringify({ error: { code, message } })}\n`);
  else process.stderr.write(`Error: ${message}\n`);
}
