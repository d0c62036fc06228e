import { drawScrolling } from "../drawing/scroll.ts";
import { HEART_ICON } from "../drawing/small-icons.ts";
import { drawText } from "../drawing/text.ts";
import { clockText, coarseTime, flashText, temperatureText } from "../wording.ts";
import { drawHeader } from "./header.ts";
import { isTall, LEFT, lineTop, type PageContext } from "./page-context.ts";

/** Where the values begin. */
const VALUE_COLUMN = 36;

/** Whether the box itself is well. */
export function drawHealthPage(context: PageContext): void {
  const { clock, flash, temperatureCelsius, uptimeMs, version, lastStart } = context.facts.health;
  const up = coarseTime(uptimeMs);
  drawHeader(context, HEART_ICON, "Health", version);
  const rows: readonly (readonly [string, string])[] = isTall(context)
    ? [
        ["clock", clockText(clock)],
        ["flash", flashText(flash)],
        ["temp", temperatureText(temperatureCelsius)],
        ["up", up],
        ["start", lastStart],
      ]
    : [
        ["clock", clockText(clock)],
        ["flash", flashText(flash)],
        ["up", `${up}, ${temperatureText(temperatureCelsius)}, ${lastStart}`],
      ];
  const first = isTall(context) ? 2 : 1;
  rows.forEach(([name, value], index) => {
    const top = lineTop(first + index);
    drawText(context.target, name, LEFT, top);
    const left = LEFT + VALUE_COLUMN;
    drawScrolling(context.target, value, left, top, context.width - VALUE_COLUMN, context.sinceMs);
  });
}
