import { drawIcon, iconWidth } from "../drawing/icon.ts";
import { TICK_LARGE_ICON } from "../drawing/large-icons.ts";
import {
  type Area,
  drawBar,
  drawFrame,
  filledColumns,
  insetArea,
  invertArea,
} from "../drawing/shapes.ts";
import {
  cutToWidth,
  drawText,
  drawTextCentred,
  fittingScale,
  textHeight,
  textWidth,
} from "../drawing/text.ts";
import type { PanelCount } from "../facts.ts";
import type { Framebuffer } from "../framebuffer.ts";
import { countStatus, isActivating, NO_PRODUCTS } from "../wording.ts";
import { drawNotice } from "./notice.ts";
import { isTall, LEFT, lineTop, type PageContext } from "./page-context.ts";

/** Columns between the count and what stands beside it. */
const GAP = 6;
const TALL_SCALE = 5;
const SHORT_SCALE = 4;
/** Below this a short display gives the count and its status lines of their own. */
const SHORT_SCALE_BESIDE = 3;

/** The activation count, to be read from two metres, against the threshold. */
export function drawCountPage(context: PageContext, index: number): void {
  const count = context.facts.counts[index];
  if (!count) drawNotice(context, NO_PRODUCTS);
  else if (isTall(context)) drawTall(context, count);
  else drawShort(context, count);
}

function drawTall({ target, facts, width }: PageContext, count: PanelCount): void {
  drawText(target, cutToWidth(count.name, width), LEFT, lineTop(0));
  const end = drawFigures(target, count, { left: LEFT, top: lineTop(1), width }, TALL_SCALE);
  const activating = facts.serving && isActivating(count);
  const tickLeft = LEFT + width - iconWidth(TICK_LARGE_ICON);
  if (activating && end + GAP <= tickLeft) {
    drawIcon(target, TICK_LARGE_ICON, tickLeft, lineTop(1) + 1);
  }
  const band = { x: LEFT, y: lineTop(6), width, height: 15 };
  drawStatusBand(target, band, countStatus(count, facts.serving), fractionOf(count));
}

function drawShort(context: PageContext, count: PanelCount): void {
  const { target, facts, width } = context;
  const status = countStatus(count, facts.serving);
  const beside = Math.max(textWidth(status), textWidth(thresholdText(count)));
  const figure = String(count.activationCount);
  const scale = fittingScale(figure, width - GAP - beside, SHORT_SCALE);
  if (scale < SHORT_SCALE_BESIDE) {
    drawShortWide(context, count);
    return;
  }
  const right = drawText(target, figure, LEFT, lineTop(0), { scale }) + GAP;
  const room = LEFT + width - right;
  drawText(target, cutToWidth(count.name, room), right, lineTop(0));
  drawText(target, thresholdText(count), right, lineTop(1));
  drawBar(target, { x: right, y: lineTop(2) + 1, width: room, height: 5 }, fractionOf(count));
  drawText(target, status, right, lineTop(3));
}

/** For counts of many digits. */
function drawShortWide({ target, facts, width }: PageContext, count: PanelCount): void {
  drawText(target, cutToWidth(count.name, width), LEFT, lineTop(0));
  drawFigures(target, count, { left: LEFT, top: lineTop(1), width }, 2);
  drawText(target, cutToWidth(countStatus(count, facts.serving), width), LEFT, lineTop(3));
}

/** The count as large as it fits, with the threshold on its base line. Tells the count's end. */
function drawFigures(
  target: Framebuffer,
  count: PanelCount,
  { left, top, width }: { left: number; top: number; width: number },
  largest: number,
): number {
  const figure = String(count.activationCount);
  const threshold = thresholdText(count);
  let scale = largest;
  const besideScale = () => Math.max(1, Math.floor(scale / 2));
  const needed = () => textWidth(figure, scale) + GAP + textWidth(threshold, besideScale());
  while (scale > 1 && needed() > width) scale--;
  const end = drawText(target, cutToWidth(figure, width, scale), left, top, { scale });
  const base = top + textHeight(scale) - textHeight(besideScale());
  const room = left + width - end - GAP;
  drawText(target, cutToWidth(threshold, room, besideScale()), end + GAP, base, {
    scale: besideScale(),
  });
  return end;
}

/** A bar with the status written over it. */
function drawStatusBand(target: Framebuffer, band: Area, status: string, fraction: number): void {
  const scale = fittingScale(status, band.width - 6, 2);
  const top = band.y + Math.floor((band.height - textHeight(scale)) / 2);
  drawFrame(target, band);
  const text = cutToWidth(status, band.width - 6, scale);
  const inner = insetArea(band, 1);
  drawTextCentred(target, text, band.x, band.width, top, { scale });
  invertArea(target, { ...inner, width: filledColumns(fraction, inner.width) });
}

function thresholdText({ activationThreshold }: PanelCount): string {
  return `of ${activationThreshold}`;
}

function fractionOf({ activationCount, activationThreshold }: PanelCount): number {
  return activationThreshold > 0 ? activationCount / activationThreshold : 1;
}
