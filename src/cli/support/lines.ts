/** Writes lines for a person, or for the next program in a pipe. */
export function print(...lines: readonly string[]): void {
  process.stdout.write(lines.map((line) => `${line}\n`).join(""));
}

/** Writes a remark that must not get into a pipe. */
export function remark(...lines: readonly string[]): void {
  process.stderr.write(lines.map((line) => `${line}\n`).join(""));
}

/** Writes one JSON document on one line, for answers of which there are many. */
export function printJsonLine(value: unknown): void {
  print(JSON.stringify(value));
}
