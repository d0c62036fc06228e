import { drawIcon, iconWidth } from "../drawing/icon.ts";
import { drawBar } from "../drawing/shapes.ts";
import { KEY_ICON } from "../drawing/small-icons.ts";
import { cutToWidth, drawText, drawTextCentred, fittingScale } from "../drawing/text.ts";
import { minutesLeft } from "../wording.ts";
import { isTall, LEFT, lineTop, type PageContext, scaledTop } from "./page-context.ts";

const GROUP = 4;
/** What the bar shows at most; a longer time is a full bar. */
const BAR_MS = 300_000;
/** Columns of the minutes beside the bar: a fixed width, so that the bar stays where it is. */
const MINUTES_COLUMNS = 62;

/** The one-time administrator code, to be typed from the display. */
export function drawCodeScreen(context: PageContext, code: string, remainingMs: number): void {
  const { target, width } = context;
  // Groups that stand apart need no hyphen between them.
  const characters = code.replaceAll("-", "");
  const groups = [characters.slice(0, GROUP), characters.slice(GROUP)].filter(
    (group) => group !== "",
  );
  drawText(target, "one-time code", LEFT, lineTop(0));
  drawIcon(target, KEY_ICON, LEFT + width - iconWidth(KEY_ICON), lineTop(0));
  if (isTall(context)) {
    groups.forEach((group, index) => {
      drawGroup(context, group, 1 + 3 * index, 3);
    });
  } else {
    drawGroup(context, groups.join("  "), 1, 2);
  }
  const y = lineTop(target.height / 8 - 1);
  drawText(target, minutesLeft(remainingMs), LEFT, y);
  const bar = { x: LEFT + MINUTES_COLUMNS, y, width: width - MINUTES_COLUMNS, height: 7 };
  drawBar(target, bar, remainingMs / BAR_MS);
}

function drawGroup({ target, width }: PageContext, text: string, line: number, largest: number) {
  const scale = fittingScale(text, width, largest);
  const top = scaledTop(line, scale);
  drawTextCentred(target, cutToWidth(text, width, scale), LEFT, width, top, { scale });
}
