import type { Asked } from "../../client/finding.ts";
import { formatHostAddress } from "../../client/host-address.ts";
import type { Introduction } from "../../client/introduction.ts";
import type { FoundHost } from "../../client/shapes.ts";
import { formatTime } from "../support/dates.ts";
import { fieldLines } from "../support/table.ts";

/** A host that was found and what it says of itself. */
export interface MetHost {
  readonly host: FoundHost;
  readonly answer: Introduction;
}

/** What each place that was asked said, in one line; none where none had to be asked. */
export function askedLine(asked: readonly Asked[]): string[] {
  const said = asked.map(({ place, found }) => `${place}: ${found === 0 ? "none" : found}`);
  return said.length > 0 ? [`Asked: ${said.join("; ")}`] : [];
}

/** Lines about hosts, for a person. */
export function metHostLines(met: readonly MetHost[]): string[] {
  return met.flatMap(({ host, answer }) =>
    fieldLines([
      ["Host", formatHostAddress(host)],
      ["  Found by", `${host.how} (${host.why})`],
      ...answerFields(answer),
    ]),
  );
}

function answerFields(answer: Introduction): [string, string][] {
  if ("fault" in answer) return [["  Answer", answer.fault]];
  return [
    ["  Host key", answer.host],
    ["  Its clock", formatTime(answer.timeMs)],
    ...answer.products.map(({ id, count, threshold, activating }): [string, string] => [
      "  Product",
      `${id}: ${count} of ${threshold} clients, ${activating ? "activating" : "not activating yet"}`,
    ]),
  ];
}

/** The same for a program. */
export function metHostJson({ host, answer }: MetHost) {
  return { address: formatHostAddress(host), found: host.how, why: host.why, answer };
}
