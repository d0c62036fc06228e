import { type CheckResult, type Finding, listed } from "./finding.ts";

/** What all findings come to. */
export interface Diagnosis {
  /** The gravest result of all; skipped checks do not count. */
  readonly result: Exclude<CheckResult, "skipped">;
  /** For a person: that all is well, or the gravest finding with its next step. */
  readonly summary: string;
  /** In the order of causes: what explains others stands before them. */
  readonly findings: readonly Finding[];
}

/** @param findings in the order of causes: of equally grave ones the first is told */
export function diagnose(findings: readonly Finding[]): Diagnosis {
  const faults = findings.filter(({ result }) => result === "wrong");
  const [fault] = faults;
  if (fault) {
    const summary = `${sentences(fault)}${more(faults.length - 1, "wrong")}`;
    return { result: "wrong", summary, findings };
  }
  const warnings = findings.filter(({ result }) => result === "warning");
  const [first] = warnings;
  if (first) {
    const summary = `Nothing is wrong, but: ${sentences(first)}${more(warnings.length - 1, "worth a look")}`;
    return { result: "warning", summary, findings };
  }
  // What does not apply here is nothing to be told of; what could be checked with some help is.
  const left = findings.filter(({ result, nextStep }) => result === "skipped" && nextStep !== null);
  const summary =
    left.length === 0
      ? "Everything is well."
      : `Everything is well, as far as it was checked; not checked: ${listed(left.map(({ title }) => title))}.`;
  return { result: "ok", summary, findings };
}

function sentences({ evidence, nextStep }: Finding): string {
  return nextStep === null ? evidence : `${evidence} ${nextStep}`;
}

function more(count: number, what: string): string {
  if (count === 0) return "";
  return count === 1 ? ` (One more thing is ${what}.)` : ` (${count} more things are ${what}.)`;
}
