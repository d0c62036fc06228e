import { drawScrolling } from "../drawing/scroll.ts";
import { CLIENTS_ICON } from "../drawing/small-icons.ts";
import { cutToWidth, drawText, fittingScale } from "../drawing/text.ts";
import { ago, lapsingText } from "../wording.ts";
import { drawHeader } from "./header.ts";
import { isTall, LEFT, lineTop, type PageContext } from "./page-context.ts";

/** How many clients there are, which came last, and how many are about to lapse. */
export function drawClientsPage(context: PageContext): void {
  const { target, facts, sinceMs, width } = context;
  const { total, last, lapsingSoon } = facts.clients;
  const tall = isTall(context);
  const figure = String(total);
  drawHeader(context, CLIENTS_ICON, "Clients", tall ? "" : figure);
  if (tall) {
    const scale = fittingScale(figure, width, 3);
    drawText(target, cutToWidth(figure, width, scale), LEFT, lineTop(1) + 2, { scale });
  }
  const first = tall ? 5 : 1;
  if (last) {
    drawScrolling(target, `last ${last.hostname}`, LEFT, lineTop(first), width, sinceMs);
    drawText(target, ago(facts.nowMs, last.atMs), LEFT, lineTop(first + 1));
  } else {
    drawText(target, "none activated yet", LEFT, lineTop(first));
  }
  drawText(target, cutToWidth(lapsingText(lapsingSoon), width), LEFT, lineTop(first + 2));
}
