import { type Finding, type Judgement, skipped, warning } from "./finding.ts";

/** One thing to look at. */
export interface Check {
  readonly id: string;
  readonly title: string;
  /** Checks that explain this one's failure: if one of them is wrong, this one is skipped. */
  readonly needs: readonly string[];
  /** Ends in bounded time. */
  readonly look: () => Judgement | Promise<Judgement>;
}

export interface RunOptions {
  /** What is not known when this resolves is skipped. */
  readonly deadline: Promise<unknown>;
  /** Told the titles of the checks that still run, whenever one has ended. */
  readonly progress?: (running: readonly string[]) => void;
}

/** A finding and, if a check that it needed failed, the title of the first cause. */
interface Ended extends Finding {
  readonly cause?: string;
}

/**
 * Runs checks at the same time, each as soon as those that it needs have ended.
 *
 * @param checks in the order of causes: each needs only earlier ones; others that it names are ignored
 * @returns their findings in the same order
 */
export async function runChecks(
  checks: readonly Check[],
  { deadline, progress }: RunOptions,
): Promise<Finding[]> {
  const ends = new Map<string, Promise<Ended>>();
  const running = new Set(checks.map(({ title }) => title));
  let isLate = false;
  const late = deadline.then(() => {
    isLate = true;
    return undefined;
  });
  for (const check of checks) {
    const end = (async () => {
      const needed = await Promise.all(check.needs.flatMap((id) => ends.get(id) ?? []));
      const ended = isLate ? undefined : await Promise.race([finish(check, needed), late]);
      running.delete(check.title);
      progress?.([...running]);
      return ended ?? { ...labelled(check), ...skipped("Not known in time.") };
    })();
    ends.set(check.id, end);
  }
  return Promise.all([...ends.values()].map(async (end) => found(await end)));
}

async function finish(check: Check, needed: readonly Ended[]): Promise<Ended> {
  for (const { result, title, cause } of needed) {
    const reason = result === "wrong" ? title : cause;
    if (reason === undefined) continue;
    return { ...labelled(check), ...skipped(`Not checked because of: ${reason}.`), cause: reason };
  }
  return { ...labelled(check), ...(await attempt(check)) };
}

/** A probe that breaks must not take the others' answers with it. */
async function attempt({ look }: Check): Promise<Judgement> {
  try {
    return await look();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return warning(
      `This could not be checked: ${reason}`,
      "Report this as a defect of the doctor.",
    );
  }
}

function labelled({ id, title }: Check) {
  return { id, title };
}

function found({ id, title, result, evidence, nextStep }: Ended): Finding {
  return { id, title, result, evidence, nextStep };
}

/** The same answer to all checks that ask, found out when the first does. */
export function once<T>(look: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= look();
    return answer;
  };
}
