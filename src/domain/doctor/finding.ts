/** What came of one check. Warnings do not keep anybody from being activated today. */
export type CheckResult = "ok" | "warning" | "wrong" | "skipped";

/** What a check saw, and what a person should do about it. */
export interface Judgement {
  readonly result: CheckResult;
  /** A sentence. */
  readonly evidence: string;
  /** A sentence that tells what to do; null where there is nothing to do. */
  readonly nextStep: string | null;
}

/** A judgement together with what was checked. */
export interface Finding extends Judgement {
  /** Stable, for scripts; a check of one domain or host ends with `:` and its name. */
  readonly id: string;
  /** For a person, such as "Default route". */
  readonly title: string;
}

export function ok(evidence: string): Judgement {
  return { result: "ok", evidence, nextStep: null };
}

export function warning(evidence: string, nextStep: string): Judgement {
  return { result: "warning", evidence, nextStep };
}

export function wrong(evidence: string, nextStep: string): Judgement {
  return { result: "wrong", evidence, nextStep };
}

export function skipped(evidence: string, nextStep: string | null = null): Judgement {
  return { result: "skipped", evidence, nextStep };
}

const REASON = /^(.+?)(?:: (?=[a-z])|\. (?=[A-Z]))(.+?)\.?(?: \(([^()]*)\)\.?)?$/s;

/**
 * What an error says for a person: what happened, what to do, and what a tool said, as in
 * `It fails: do this. (It says so.)`
 *
 * @param nextStep if the error does not tell what to do
 */
export function wrongAsSaid(message: string, nextStep: string): Judgement {
  const [, what, step = "", told] = REASON.exec(message) ?? [];
  if (what === undefined) return wrong(message, nextStep);
  const evidence = told === undefined ? `${what}.` : `${what} (${told}).`;
  return wrong(evidence, `${step.charAt(0).toUpperCase()}${step.slice(1)}.`);
}

const MOST_LISTED = 8;

/** `a`, `a and b`, `a, b and c`; of many the first few, `and 92 others`. */
export function listed(names: readonly string[]): string {
  if (names.length > MOST_LISTED + 1) {
    const first = names.slice(0, MOST_LISTED);
    return `${first.join(", ")} and ${names.length - first.length} others`;
  }
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}
