import { drawQr } from "../drawing/qr.ts";
import { drawScrolling } from "../drawing/scroll.ts";
import { NETWORK_ICON } from "../drawing/small-icons.ts";
import { drawText, fittingScale, textWidth } from "../drawing/text.ts";
import { hostUrl, isIpv4, linkText, NO_ADDRESS, portText } from "../wording.ts";
import { isTall, LEFT, lineTop, type PageContext, scaledTop } from "./page-context.ts";
import { drawTitle } from "./title.ts";

/** Rows and columns of the QR code with its quiet zone; one row stays free for moving the picture. */
const QR_SIDE = 62;
const GAP = 4;

/** Where the box is found. */
export function drawNetworkPage(context: PageContext): void {
  const url = hostUrl(context.facts.network);
  if (!isTall(context)) drawShort(context);
  else if (url === undefined) drawWithoutQr(context);
  else drawWithQr(context, url);
}

function drawWithQr(context: PageContext, url: string): void {
  const { target, facts, sinceMs } = context;
  const width = context.width - QR_SIDE - GAP;
  drawQr(target, url, { x: LEFT + width + GAP, y: 0, width: QR_SIDE, height: QR_SIDE });
  drawScrolling(target, facts.network.hostname, LEFT, lineTop(0), width, sinceMs);
  drawAddresses({ ...context, width }, 2);
  drawPortAndLink(context, 6);
}

function drawWithoutQr(context: PageContext): void {
  const next = drawTitle(context, context.facts.network.hostname, NETWORK_ICON);
  drawAddresses(context, next + 1);
  drawPortAndLink(context, 6);
}

function drawPortAndLink({ target, facts }: PageContext, line: number): void {
  const { link } = facts.network;
  drawText(target, portText(facts.network), LEFT, lineTop(line));
  drawText(target, linkText(link), LEFT, lineTop(line + 1));
}

function drawAddresses({ target, facts, sinceMs, width }: PageContext, from: number): void {
  const [first = NO_ADDRESS, ...others] = facts.network.addresses;
  const lines = [...addressLines(first, width), others.join("  ")];
  lines.forEach((line, index) => {
    drawScrolling(target, line, LEFT, lineTop(from + index), width, sinceMs);
  });
}

/** An address of four numbers too wide for its place stands on two lines instead of moving. */
function addressLines(address: string, width: number): string[] {
  if (textWidth(address) <= width || !isIpv4(address)) return [address];
  const [a, b, c, d] = address.split(".");
  return [`${a}.${b}.`, `${c}.${d}`];
}

function drawShort(context: PageContext): void {
  const { target, facts, sinceMs, width } = context;
  const { hostname, addresses, link } = facts.network;
  const [first = NO_ADDRESS, ...others] = addresses;
  drawTitle(context, hostname, NETWORK_ICON);
  const scale = others.length === 0 ? fittingScale(first, width, 2) : 1;
  if (scale > 1) drawText(target, first, LEFT, scaledTop(1, scale), { scale });
  else drawScrolling(target, first, LEFT, lineTop(1), width, sinceMs);
  drawScrolling(target, others.join("  "), LEFT, lineTop(2), width, sinceMs);
  drawText(target, `${portText(facts.network)}, ${linkText(link)}`, LEFT, lineTop(3));
}
