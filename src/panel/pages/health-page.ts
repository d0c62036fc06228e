import { drawScrolling } from "../drawing/scroll.ts";
import { HEART_ICON } from "../drawing/small-icons.ts";
import { drawText } from "../drawing/text.ts";
import type { HealthFacts } from "../facts.ts";
import { clockText, coarseTime, flashText, healthTitle, temperatureText } from "../wording.ts";
import { isTall, LEFT, lineTop, type PageContext } from "./page-context.ts";
import { drawTitle } from "./title.ts";

/** Where the values begin, and the second pair of a line. */
const VALUE_COLUMN = 42;
const SECOND_COLUMN = 74;
const SECOND_VALUE_COLUMN = 90;

/** Whether the box itself is well. */
export function drawHealthPage(context: PageContext): void {
  const { health } = context.facts;
  const next = drawTitle(context, healthTitle(health), HEART_ICON);
  if (isTall(context)) drawTall(context, health, next + 1);
  else drawShort(context, health, next);
}

function drawTall(context: PageContext, health: HealthFacts, first: number): void {
  drawRow(context, first, "clock", clockText(health.clock));
  drawRow(context, first + 1, "flash", flashText(health.flash));
  drawRow(context, first + 2, "temp", temperatureText(health.temperatureCelsius));
  const top = lineTop(first + 2);
  drawText(context.target, "up", LEFT + SECOND_COLUMN, top);
  drawText(context.target, coarseTime(health.uptimeMs), LEFT + SECOND_VALUE_COLUMN, top);
  drawRow(context, first + 3, "start", health.lastStart);
  drawRow(context, first + 4, "version", health.version);
}

function drawShort(context: PageContext, health: HealthFacts, first: number): void {
  const temperature = temperatureText(health.temperatureCelsius);
  drawRow(context, first, "clock", clockText(health.clock));
  drawRow(context, first + 1, "flash", flashText(health.flash));
  const running = [coarseTime(health.uptimeMs), temperature, health.lastStart, health.version];
  drawRow(context, first + 2, "up", running.filter((part) => part !== "").join(", "));
}

function drawRow(context: PageContext, line: number, name: string, value: string): void {
  const top = lineTop(line);
  const width = context.width - VALUE_COLUMN;
  drawText(context.target, name, LEFT, top);
  drawScrolling(context.target, value, LEFT + VALUE_COLUMN, top, width, context.sinceMs);
}
