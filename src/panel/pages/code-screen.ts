import { drawBar } from "../drawing/shapes.ts";
import { drawText, drawTextCentred, fittingScale } from "../drawing/text.ts";
import { minutesLeft } from "../wording.ts";
import { isTall, LEFT, lineTop, type PageContext } from "./page-context.ts";

const GROUP = 4;

/** The one-time administrator code, to be typed from the display. */
export function drawCodeScreen(context: PageContext, code: string, remainingMs: number): void {
  const { target, width } = context;
  const groups = [code.slice(0, GROUP), code.slice(GROUP)];
  const text = groups.join(" ");
  const scale = fittingScale(text, width, 2);
  drawText(target, "one-time code", LEFT, lineTop(0));
  drawTextCentred(target, text, LEFT, width, lineTop(isTall(context) ? 3 : 1), { scale });
  const y = lineTop(target.height / 8 - 1);
  drawText(target, minutesLeft(remainingMs), LEFT, y);
  drawBar(target, { x: LEFT + 70, y, width: width - 70, height: 7 }, remainingMs / 300_000);
}
