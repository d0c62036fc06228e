import { drawScrolling } from "../drawing/scroll.ts";
import { CLIENTS_ICON } from "../drawing/small-icons.ts";
import { cutToWidth, drawText } from "../drawing/text.ts";
import { ago, clientsTitle, lapsingText, NO_CLIENT_YET } from "../wording.ts";
import { isTall, LEFT, lineTop, type PageContext } from "./page-context.ts";
import { drawTitle } from "./title.ts";

/** How many clients there are, which came last, and how many are about to lapse. */
export function drawClientsPage(context: PageContext): void {
  const { target, facts, sinceMs, width } = context;
  const { total, last, lapsingSoon } = facts.clients;
  const next = drawTitle(context, clientsTitle(total), CLIENTS_ICON);
  const tall = isTall(context);
  const first = tall ? next + 1 : next;
  if (last) {
    drawScrolling(target, `last: ${last.hostname}`, LEFT, lineTop(first), width, sinceMs);
    drawText(target, ago(facts.nowMs, last.atMs), LEFT, lineTop(first + 1));
  } else {
    drawText(target, NO_CLIENT_YET, LEFT, lineTop(first));
  }
  const lapsing = cutToWidth(lapsingText(lapsingSoon), width);
  drawText(target, lapsing, LEFT, lineTop(tall ? first + 3 : first + 2));
}
