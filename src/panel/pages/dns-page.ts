import { drawScrolling } from "../drawing/scroll.ts";
import { GLOBE_ICON } from "../drawing/small-icons.ts";
import { drawText } from "../drawing/text.ts";
import { wrapTextTo } from "../drawing/wrap.ts";
import type { DnsFacts } from "../facts.ts";
import { dnsNextStep, dnsTitle, publishedText } from "../wording.ts";
import { isTall, LEFT, lineTop, type PageContext } from "./page-context.ts";
import { drawTitle } from "./title.ts";

/** Where the next step stands on a tall display: in the last two lines. */
const TALL_STEP_LINE = 6;

/** Whether the host is published in DNS. */
export function drawDnsPage(context: PageContext): void {
  const { dns, nowMs } = context.facts;
  const next = drawTitle(context, dnsTitle(dns), GLOBE_ICON);
  const first = isTall(context) ? next + 1 : next;
  if (dns.state === "failed") {
    drawFailed(context, dns, next);
  } else if (dns.state === "off") {
    drawLines(context, dnsNextStep(dns), first, 3);
  } else if (dns.state !== "published") {
    drawLine(context, dns.record, first);
    drawLines(context, dnsNextStep(dns), isTall(context) ? first + 2 : first + 1, 2);
  } else {
    drawLine(context, dns.record, first);
    drawLine(context, publishedText(nowMs, dns.sinceMs), isTall(context) ? first + 2 : first + 1);
  }
}

function drawFailed(
  context: PageContext,
  dns: Extract<DnsFacts, { state: "failed" }>,
  from: number,
): void {
  if (!isTall(context)) {
    [dns.record, dns.reason, dnsNextStep(dns)].forEach((text, index) => {
      drawLine(context, text, from + index);
    });
    return;
  }
  const reason = wrapTextTo(dns.reason, context.width, 2);
  const top = TALL_STEP_LINE - 2 - reason.length;
  drawLine(context, dns.record, top);
  drawLines(context, dns.reason, top + 1, 2);
  drawLines(context, dnsNextStep(dns), TALL_STEP_LINE, 2);
}

function drawLine({ target, sinceMs, width }: PageContext, text: string, line: number): void {
  drawScrolling(target, text, LEFT, lineTop(line), width, sinceMs);
}

function drawLines({ target, width }: PageContext, text: string, from: number, most: number): void {
  wrapTextTo(text, width, most).forEach((line, index) => {
    drawText(target, line, LEFT, lineTop(from + index));
  });
}
