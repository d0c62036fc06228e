import { drawScrolling } from "../drawing/scroll.ts";
import { GLOBE_ICON } from "../drawing/small-icons.ts";
import { drawText } from "../drawing/text.ts";
import { wrapTextTo } from "../drawing/wrap.ts";
import { ago, dnsNextStep, dnsTitle } from "../wording.ts";
import { drawHeader } from "./header.ts";
import { isTall, LEFT, lineTop, type PageContext } from "./page-context.ts";

/** Whether the host is published in DNS. */
export function drawDnsPage(context: PageContext): void {
  const { target, facts, sinceMs, width } = context;
  const { dns } = facts;
  const tall = isTall(context);
  drawHeader(context, GLOBE_ICON, "DNS", tall ? "" : dnsTitle(dns));
  if (tall) drawText(target, dnsTitle(dns), LEFT, lineTop(2), { scale: 2 });
  const first = tall ? 5 : 1;
  if (dns.state === "off") {
    drawLines(context, dnsNextStep(dns), first, 3);
    return;
  }
  drawScrolling(target, dns.record, LEFT, lineTop(first), width, sinceMs);
  if (dns.state === "published") {
    drawText(target, `since ${ago(facts.nowMs, dns.sinceMs)}`, LEFT, lineTop(first + 1));
    return;
  }
  drawScrolling(target, dns.reason, LEFT, lineTop(first + 1), width, sinceMs);
  drawScrolling(target, dnsNextStep(dns), LEFT, lineTop(first + 2), width, sinceMs);
}

function drawLines({ target, width }: PageContext, text: string, from: number, most: number): void {
  wrapTextTo(text, width, most).forEach((line, index) => {
    drawText(target, line, LEFT, lineTop(from + index));
  });
}
