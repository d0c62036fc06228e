import { styleText } from "node:util";
import type { CheckResult } from "../../domain/doctor/finding.ts";
import type { Diagnosis } from "../../domain/doctor/summary.ts";
import { print } from "./lines.ts";
import { printJson } from "./output.ts";
import { EXIT } from "./run-program.ts";

const MARKS: Readonly<
  Record<CheckResult, readonly [mark: string, colour: "green" | "yellow" | "red" | "gray"]>
> = {
  ok: ["✓", "green"],
  warning: ["!", "yellow"],
  wrong: ["✗", "red"],
  skipped: ["–", "gray"],
};

/** Shows a diagnosis and sets the exit status: 1 if something is wrong. */
export function showDiagnosis(diagnosis: Diagnosis, json: boolean): void {
  if (json) printJson(diagnosis);
  else print(...diagnosisLines(diagnosis, isColourful()));
  process.exitCode = diagnosis.result === "wrong" ? EXIT.failure : EXIT.ok;
}

/** One line for each check, its next step below it, and last what it all comes to. */
export function diagnosisLines({ findings, summary }: Diagnosis, colour = false): string[] {
  const width = Math.max(0, ...findings.map(({ title }) => title.length));
  const lines = findings.flatMap(({ result, title, evidence, nextStep }) => {
    const [mark, shade] = MARKS[result];
    const shown = colour ? styleText(shade, mark, { validateStream: false }) : mark;
    const line = `${shown} ${title.padEnd(width)}  ${evidence}`;
    return nextStep === null ? [line] : [line, `${" ".repeat(width + 4)}→ ${nextStep}`];
  });
  return [...lines, "", summary];
}

/** Whether standard output is a terminal that shows colours. */
export function isColourful(): boolean {
  return process.stdout.isTTY === true && !process.env.NO_COLOR;
}
