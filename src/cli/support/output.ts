/** A value of a `--json` answer on standard output. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** One error: as JSON on standard output where that was asked for, else a sentence for a person. */
export function printError(code: string, message: string, json: boolean): void {
  if (json) printJson({ error: { code, message } });
  else process.stderr.write(`Error: ${message}\n`);
}
