import { drawIcon, type Icon, iconWidth } from "../drawing/icon.ts";
import { cutToWidth, drawText, drawTextRight, textWidth } from "../drawing/text.ts";
import { LEFT, type PageContext } from "./page-context.ts";

const GAP = 4;

/** The first line of a page: its icon and title, and at the right what matters most. */
export function drawHeader(
  { target, width }: PageContext,
  icon: Icon,
  title: string,
  right = "",
): void {
  const left = LEFT + iconWidth(icon) + GAP;
  const room = LEFT + width - left;
  drawIcon(target, icon, LEFT, 0);
  const end = drawText(target, cutToWidth(title, room), left, 0);
  const rest = cutToWidth(right, LEFT + width - end - GAP);
  if (textWidth(rest) > 0) drawTextRight(target, rest, LEFT + width, 0);
}
