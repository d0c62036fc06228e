/** Lines of an answer, on standard output. */
export function print(...lines: readonly string[]): void {
  for (const line of lines) process.stdout.write(`${line}\n`);
}

/** A value of a `--json` answer on standard output. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

/** A remark beside the answer, on standard error. */
export function remark(line: string): void {
  process.stderr.write(`${line}\n`);
}
