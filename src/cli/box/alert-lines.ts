import { SECOND_MS } from "../../domain/units.ts";
import type { AlertsAnswer, AlertsTest } from "../../web/api/alert-schemas.ts";
import { formatDuration, formatTime } from "../support/dates.ts";

/** What is wrong and who is told of it, for a person. */
export function alertLines({ raised, targets }: AlertsAnswer): string[] {
  const wrong = raised.flatMap(({ severity, sentence, remedy, since, told }) => [
    `${severity}: ${sentence}`,
    `  ${remedy}`,
    `  Since ${timeText(since)}; last told ${timeText(told)}.`,
  ]);
  const told = targets.length === 0 ? NOBODY : targets.map(targetLine);
  return [...(wrong.length === 0 ? ["Nothing is wrong."] : wrong), "", ...told];
}

/** What became of a test, for a person. */
export function testLines({ targets }: AlertsTest): string[] {
  if (targets.length === 0) return NOBODY;
  return targets.map(({ target, taken, said, reason, tookMs }) =>
    taken ? `✓ ${target}: ${said} (${tookMs} ms)` : `✗ ${target}: ${reason}`,
  );
}

const NOBODY = [
  "Nobody is told. Name somebody in the configuration, for example",
  '{"alerts": {"webhooks": [{"url": "https://chat.office.example/hook"}]}}, and restart the box.',
];

function targetLine(each: AlertsAnswer["targets"][number]): string {
  const { target, waiting, reason, retrySeconds } = each;
  const left = waiting === 0 ? "" : ` ${waiting} ${waiting === 1 ? "waits" : "wait"}.`;
  if (reason === null)
    return `✓ ${target}: ${waiting === 0 ? "has been told everything." : left.trim()}`;
  const again =
    retrySeconds === 0 ? "" : ` Tried again in ${formatDuration(retrySeconds * SECOND_MS)}.`;
  return `✗ ${target}: ${reason}${left}${again}`;
}

function timeText(text: string): string {
  return formatTime(Date.parse(text));
}
