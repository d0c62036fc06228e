import { drawIcon, iconWidth } from "../drawing/icon.ts";
import { TICK_ICON } from "../drawing/large-icons.ts";
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
import { drawFigures, FIGURE_GAP, thresholdText } from "./figures.ts";
import { drawNotice } from "./notice.ts";
import { isTall, LEFT, lineTop, type PageContext, scaledTop } from "./page-context.ts";

/** The largest text is 14 rows; it may not touch the frame, nor need a fourth page on the bus. */
const BAND_HEIGHT = 17;
const SHORT_SCALE = 4;
/** Just enough that a count of two digits can lack a number of two digits. */
const SHORT_GAP = 4;
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
  const end = drawFigures(target, count, width);
  const tickLeft = LEFT + width - iconWidth(TICK_ICON);
  if (facts.serving && isActivating(count) && end + FIGURE_GAP <= tickLeft) {
    drawIcon(target, TICK_ICON, tickLeft, lineTop(1) + 2);
  }
  const band = { x: LEFT, y: lineTop(6) - 2, width, height: BAND_HEIGHT };
  drawStatusBand(target, band, countStatus(count, facts.serving), fractionOf(count, facts.serving));
}

function drawShort(context: PageContext, count: PanelCount): void {
  const { target, facts, width } = context;
  const status = countStatus(count, facts.serving);
  const beside = Math.max(textWidth(status), textWidth(thresholdText(count)));
  const figure = String(count.activationCount);
  const scale = fittingScale(figure, width - SHORT_GAP - beside, SHORT_SCALE);
  if (scale < SHORT_SCALE_BESIDE) {
    drawShortWide(context, count);
    return;
  }
  const figureTop = Math.floor((textHeight(SHORT_SCALE) - textHeight(scale)) / 2) + 1;
  const left = drawText(target, figure, LEFT, figureTop, { scale }) + SHORT_GAP;
  const room = LEFT + width - left;
  drawText(target, cutToWidth(count.name, room), left, lineTop(0));
  drawText(target, thresholdText(count), left, lineTop(1));
  drawBar(
    target,
    { x: left, y: lineTop(2) + 1, width: room, height: 5 },
    fractionOf(count, facts.serving),
  );
  drawText(target, status, left, lineTop(3));
}

/** For counts of many digits: the threshold's two words stand one above the other. */
function drawShortWide({ target, facts, width }: PageContext, count: PanelCount): void {
  const figure = String(count.activationCount);
  const threshold = String(count.activationThreshold);
  const scale = fittingScale(figure, width - FIGURE_GAP - textWidth(threshold), 2);
  drawText(target, cutToWidth(count.name, width), LEFT, lineTop(0));
  const end = drawText(target, cutToWidth(figure, width), LEFT, scaledTop(1, scale), { scale });
  const left = end + FIGURE_GAP;
  drawText(target, "of", left, lineTop(1));
  drawText(target, cutToWidth(threshold, LEFT + width - left), left, lineTop(2));
  drawText(target, cutToWidth(countStatus(count, facts.serving), width), LEFT, lineTop(3));
}

/** A bar with the status written over it. */
function drawStatusBand(target: Framebuffer, band: Area, status: string, fraction: number): void {
  const inner = insetArea(band, 2);
  const scale = fittingScale(status, inner.width, 2);
  const top = band.y + Math.floor((band.height - textHeight(scale)) / 2);
  const text = cutToWidth(status, inner.width, scale);
  drawTextCentred(target, text, band.x, band.width, top, { scale });
  drawFrame(target, band);
  const filling = insetArea(band, 1);
  invertArea(target, { ...filling, width: filledColumns(fraction, filling.width) });
}

/** Nothing is reached while nobody is served. */
function fractionOf(count: PanelCount, serving: boolean): number {
  if (!serving) return 0;
  const { activationCount, activationThreshold } = count;
  return activationThreshold > 0 ? activationCount / activationThreshold : 1;
}
