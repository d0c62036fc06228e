import assert from "node:assert/strict";
import type { CheckResult, Judgement } from "../../../src/domain/doctor/finding.ts";

/** What is judged, what must come of it, and words of the evidence and the next step. */
export type Row = readonly [
  what: string,
  judged: Judgement,
  result: CheckResult,
  evidence: RegExp,
  nextStep?: RegExp,
];

/** One test for each row; every judgement is in sentences, and tells what to do where it must. */
export function judgementTable(rows: readonly Row[]): void {
  for (const [what, judged, result, evidence, nextStep] of rows) {
    it(`${what}: ${result}`, () => {
      assert.equal(judged.result, result, judged.evidence);
      assert.match(judged.evidence, evidence);
      assert.match(judged.evidence, /^\S.*\.$/s);
      if (nextStep) assert.match(judged.nextStep ?? "", nextStep);
      if (result === "wrong" || result === "warning") assert.match(judged.nextStep ?? "", /\.$/);
      if (result === "ok") assert.equal(judged.nextStep, null);
    });
  }
}
