import { drawText, textHeight, textWidth } from "../drawing/text.ts";
import type { PanelCount } from "../facts.ts";
import type { Framebuffer } from "../framebuffer.ts";
import { LEFT, lineTop, scaledTop } from "./page-context.ts";

/** Columns between the count and what stands beside it. */
export const FIGURE_GAP = 6;
const LARGEST_SCALE = 5;

/** Where count and threshold stand on a tall display; a text at scale n takes n lines. */
const FIRST_LINE = 1;
const LINES = 5;

/** How count and threshold stand: their scales, and whether beside or below each other. */
interface Setting {
  readonly scale: number;
  readonly thresholdScale: number;
  readonly below: boolean;
}

const SMALLEST: Setting = { scale: 1, thresholdScale: 1, below: true };

/** The count as large as it fits with its threshold beside or below it. Tells the count's end. */
export function drawFigures(target: Framebuffer, count: PanelCount, width: number): number {
  const setting = settings().find((each) => fits(count, width, each)) ?? SMALLEST;
  const { scale, thresholdScale, below } = setting;
  const lines = below ? scale + thresholdScale : scale;
  const line = FIRST_LINE + Math.ceil((LINES - lines) / 2);
  const top = scaledTop(line, scale);
  const end = drawText(target, String(count.activationCount), LEFT, top, { scale });
  const x = below ? LEFT : end + FIGURE_GAP;
  const base = top + textHeight(scale) - textHeight(thresholdScale);
  const y = below ? lineTop(line + scale) : base;
  drawText(target, thresholdText(count), x, y, { scale: thresholdScale });
  return end;
}

export function thresholdText({ activationThreshold }: PanelCount): string {
  return `of ${activationThreshold}`;
}

/** All settings, the best first: the count's size matters most, then the threshold's. */
function settings(): Setting[] {
  const scales = Array.from({ length: LARGEST_SCALE }, (_, index) => LARGEST_SCALE - index);
  return scales.flatMap((scale) =>
    [2, 1].flatMap((thresholdScale) => [
      { scale, thresholdScale, below: false },
      { scale, thresholdScale, below: true },
    ]),
  );
}

function fits(count: PanelCount, width: number, { scale, thresholdScale, below }: Setting) {
  const across = textWidth(String(count.activationCount), scale);
  const threshold = textWidth(thresholdText(count), thresholdScale);
  if (!below) return across + FIGURE_GAP + threshold <= width;
  return Math.max(across, threshold) <= width && scale + thresholdScale <= LINES;
}
