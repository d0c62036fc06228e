import { drawIcon, fittingIconScale, type Icon, iconWidth } from "../drawing/icon.ts";
import { scrolledLine } from "../drawing/scroll.ts";
import { drawBar } from "../drawing/shapes.ts";
import { drawText } from "../drawing/text.ts";
import { type Framebuffer, PAGE_ROWS } from "../framebuffer.ts";
import { isTall, LEFT, lineTop, type PageContext, scaledTop } from "./page-context.ts";
import {
  blockLines,
  blockWidth,
  cutBlock,
  stepBlock,
  type TextBlock,
  titleBlock,
} from "./text-block.ts";

/** A few words in large type, and below them what they mean or what to do. */
export interface Notice {
  /** Before the title, where there is room. */
  readonly caption?: string;
  readonly title: string;
  /** Takes the title's place where that would have to be set small. */
  readonly shortTitle?: string;
  readonly nextStep: string;
  /** Ends a next step that is too long with an ellipsis instead of scrolling it. */
  readonly cut?: boolean;
  readonly icon?: Icon;
  /** A bar in the last line, from 0 to 1. */
  readonly bar?: number;
}

/** Lines of the display, `to` excluded. */
interface Lines {
  readonly from: number;
  readonly to: number;
}

/** A block of text and its first line. */
interface Placed extends TextBlock {
  readonly line: number;
}

const ICON_GAP = 3;
const LARGEST_ICON = 2;
const TALL_TITLE = 3;
const SMALLER_TITLE = 2;

/** The title as large as leaves room for all the rest; a next step still too long scrolls. */
export function drawNotice(context: PageContext, notice: Notice): void {
  const { target, width } = context;
  const caption = isTall(context) ? notice.caption : undefined;
  const all = target.height / PAGE_ROWS;
  const lines = { from: caption ? 1 : 0, to: notice.bar === undefined ? all : all - 1 };
  const largest = isTall(context) && !caption ? TALL_TITLE : SMALLER_TITLE;
  const title = {
    ...titleBlock(notice, width, lines.to - lines.from, largest),
    line: lines.from,
  };
  const step = placeStep(context, notice, { ...lines, from: endOf(title) });
  if (caption) drawText(target, caption, LEFT, lineTop(0));
  for (const block of [title, step]) drawBlock(target, block);
  if (notice.icon) drawNoticeIcon(context, notice.icon, [title, step], lines);
  if (notice.bar !== undefined) {
    drawBar(target, { x: LEFT, y: lineTop(lines.to), width, height: PAGE_ROWS - 1 }, notice.bar);
  }
}

/** The part of the next step that shows now, a line clear of the title if there is one to spare. */
function placeStep({ width, sinceMs }: PageContext, notice: Notice, { from, to }: Lines): Placed {
  const whole = stepBlock(notice.nextStep, width, to - from);
  const visible = Math.floor((to - from) / whole.scale);
  const block = notice.cut ? cutBlock(whole, width, visible) : whole;
  const first = scrolledLine(sinceMs, block.lines.length, visible);
  const shown = { ...block, lines: block.lines.slice(first, first + visible) };
  const spare = to - from - blockLines(shown);
  return { ...shown, line: from + Math.min(1, spare) };
}

function endOf(block: Placed): number {
  return block.line + blockLines(block);
}

function drawBlock(target: Framebuffer, { lines, scale, line }: Placed): void {
  lines.forEach((text, index) => {
    drawText(target, text, LEFT, scaledTop(line + index * scale, scale), { scale });
  });
}

/** At the right of the title, else of what stands below it, else below that: where it is largest. */
function drawNoticeIcon(
  { target, width }: PageContext,
  icon: Icon,
  [title, step]: readonly [Placed, Placed],
  { from, to }: Lines,
): void {
  const places = [
    { from, to: endOf(title), beside: blockWidth(title) },
    { from: endOf(title), to, beside: blockWidth(step) },
    { from: endOf(step), to, beside: 0 },
  ].map((place) => {
    const rows = lineTop(place.to - place.from) - 1;
    const scale = fittingIconScale(icon, width - place.beside - ICON_GAP, rows, LARGEST_ICON);
    return { y: lineTop(place.from) + Math.floor((rows - icon.length * scale) / 2), scale };
  });
  const [best] = places.toSorted((a, b) => b.scale - a.scale);
  if (!best || best.scale === 0) return;
  drawIcon(target, icon, LEFT + width - iconWidth(icon) * best.scale, best.y, best.scale);
}
