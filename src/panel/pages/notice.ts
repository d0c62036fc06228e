import { drawIcon, type Icon, iconWidth } from "../drawing/icon.ts";
import { scrolledLine } from "../drawing/scroll.ts";
import { drawBar, invertArea } from "../drawing/shapes.ts";
import { drawText, fittingScale, textHeight, textWidth } from "../drawing/text.ts";
import { wrapText, wrapTextTo } from "../drawing/wrap.ts";
import { isTall, LEFT, lineTop, type PageContext } from "./page-context.ts";

/** A few words in large type with what they mean below. */
export interface Notice {
  readonly title: string;
  readonly nextStep: string;
  readonly icon?: Icon;
  /** The title dark on a lit area. */
  readonly inverted?: boolean;
  /** A bar in the last line, from 0 to 1. */
  readonly bar?: number;
}

const ICON_GAP = 5;

/** How the title is set: its lines, and their scale. */
interface Heading {
  readonly lines: readonly string[];
  readonly scale: number;
  readonly left: number;
}

/** Draws a notice: the title as large as leaves room for the rest, which moves up if it is too long. */
export function drawNotice(context: PageContext, notice: Notice): void {
  const { target } = context;
  const lastLine = target.height / 8 - (notice.bar === undefined ? 0 : 1);
  const heading = headingOf(context, notice, lastLine);
  const icon = heading.left > LEFT ? notice.icon : undefined;
  if (icon) drawIcon(target, icon, LEFT, Math.max(0, Math.floor((15 - icon.length) / 2)));
  heading.lines.forEach((line, index) => {
    drawText(target, line, heading.left, lineTop(index * heading.scale), { scale: heading.scale });
  });
  const used = heading.lines.length * heading.scale;
  drawNextStep(context, notice.nextStep, used, lastLine);
  if (notice.inverted) {
    invertArea(target, { x: 0, y: 0, width: LEFT + context.width, height: lineTop(used) - 1 });
  }
  if (notice.bar !== undefined) {
    const bar = { x: LEFT, y: lineTop(lastLine), width: context.width, height: 7 };
    drawBar(target, bar, notice.bar);
  }
}

function headingOf(context: PageContext, notice: Notice, lines: number): Heading {
  const { width } = context;
  const beside = notice.icon ? iconWidth(notice.icon) + ICON_GAP : 0;
  const needed = wrapText(notice.nextStep, width).length;
  const large = wrapText(notice.title, width - beside, 2);
  const most = isTall(context) ? 2 : 1;
  const unbroken = large.every((line) => textWidth(line, 2) <= width - beside);
  if (unbroken && large.length <= most && large.length * 2 + needed <= lines) {
    return { lines: large, scale: 2, left: LEFT + beside };
  }
  return { lines: wrapTextTo(notice.title, width, most), scale: 1, left: LEFT };
}

function drawNextStep(context: PageContext, text: string, from: number, to: number): void {
  const { target, sinceMs, width } = context;
  const scale = fittingStepScale(text, width, to - from);
  const lines = wrapText(text, width, scale);
  const visible = Math.floor((to - from) / scale);
  const first = scrolledLine(sinceMs, lines.length, visible);
  const spare = to - from - Math.min(lines.length, visible) * scale;
  const top = from + Math.min(1, Math.floor(spare / 2));
  lines.slice(first, first + visible).forEach((line, index) => {
    drawText(target, line, LEFT, lineTop(top + index * scale), { scale });
  });
}

function fittingStepScale(text: string, width: number, room: number): number {
  return wrapText(text, width, 2).length * 2 <= room && textHeight(2) <= room * 8 ? 2 : 1;
}

/** The largest scale of a word alone. */
export function wordScale(word: string, width: number, largest: number): number {
  return fittingScale(word, width, largest);
}
