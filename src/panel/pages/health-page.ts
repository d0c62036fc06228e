import { drawScrolling } from "../drawing/scroll.ts";
import { HEART_ICON } from "../drawing/small-icons.ts";
import { cutToWidth, drawText } from "../drawing/text.ts";
import type { HealthFacts } from "../facts.ts";
import { clockText, coarseTime, flashText, healthTitle, temperatureText } from "../wording.ts";
import { isTall, LEFT, lineTop, type PageContext } from "./page-context.ts";
import { drawTitle } from "./title.ts";

/** Where the values begin, by the longest of their names, and the second pair of a line. */
const TALL_VALUE_COLUMN = 42;
const SHORT_VALUE_COLUMN = 32;
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
  drawUptime(context, first + 2, coarseTime(health.uptimeMs));
  drawRow(context, first + 3, "start", health.lastStart);
  drawRow(context, first + 4, "version", health.version);
}

/** Beside the temperature. */
function drawUptime({ target, width }: PageContext, line: number, uptime: string): void {
  const value = cutToWidth(uptime, width - SECOND_VALUE_COLUMN);
  drawText(target, "up", LEFT + SECOND_COLUMN, lineTop(line));
  drawText(target, value, LEFT + SECOND_VALUE_COLUMN, lineTop(line));
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
  const column = isTall(context) ? TALL_VALUE_COLUMN : SHORT_VALUE_COLUMN;
  const { target, width, sinceMs } = context;
  drawText(target, name, LEFT, top);
  drawScrolling(target, value, LEFT + column, top, width - column, sinceMs);
}
