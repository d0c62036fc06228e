import { drawIcon, type Icon, iconWidth } from "../drawing/icon.ts";
import { drawScrolling } from "../drawing/scroll.ts";
import { drawText, fittingScale, textWidth } from "../drawing/text.ts";
import { isTall, LEFT, type PageContext, scaledTop } from "./page-context.ts";

const GAP = 3;
/** The title's scale on a tall display, and the lines that it takes. */
const TALL_SCALE = 2;

/** A page's title at its top left with its icon at the right, if it fits. Tells the next line. */
export function drawTitle(context: PageContext, title: string, icon: Icon): number {
  const { target, width, sinceMs } = context;
  const largest = isTall(context) ? TALL_SCALE : 1;
  const scale = fittingScale(title, width, largest);
  const top = scaledTop(0, scale);
  if (scale > 1) drawText(target, title, LEFT, top, { scale });
  else drawScrolling(target, title, LEFT, top, width, sinceMs);
  const iconColumns = iconWidth(icon) * scale;
  if (textWidth(title, scale) + GAP + iconColumns <= width) {
    drawIcon(target, icon, LEFT + width - iconColumns, top, scale);
  }
  return largest;
}
