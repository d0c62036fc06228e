import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

/** The project's own page. */
export const page = readFileSync("README.md", "utf8");

/** What stands below a heading, to the next one of its rank or above it. */
export function chapter(heading: string): string {
  const lines = page.split("\n");
  const ranks = ranksOf(lines);
  const first = lines.findIndex((line, at) => ranks[at] && line.replace(/^#+ /, "") === heading);
  assert.ok(first >= 0, `no chapter "${heading}"`);
  const rank = ranks[first] ?? 0;
  const end = ranks.findIndex((each, at) => at > first && each > 0 && each <= rank);
  return lines.slice(first + 1, end < 0 ? undefined : end).join("\n");
}

/** The rank of each line that is a heading, and 0; a comment in a block of code is none. */
function ranksOf(lines: readonly string[]): number[] {
  let code = false;
  return lines.map((line) => {
    if (line.startsWith("```")) code = !code;
    return code ? 0 : (/^#+(?= )/.exec(line)?.[0].length ?? 0);
  });
}

/** The blocks of one kind, such as `sh`; of no kind if it is empty. */
export function blocks(text: string, kind: string): string[] {
  const found: string[] = [];
  for (const [, each, block = ""] of text.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)) {
    if (each === kind) found.push(block);
  }
  return found;
}
