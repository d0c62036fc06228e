import { drawQr } from "../drawing/qr.ts";
import { drawScrolling } from "../drawing/scroll.ts";
import { NETWORK_ICON } from "../drawing/small-icons.ts";
import { drawText, fittingScale, textWidth } from "../drawing/text.ts";
import { hostUrl, isIpv4, linkText } from "../wording.ts";
import { drawHeader } from "./header.ts";
import { isTall, LEFT, lineTop, type PageContext } from "./page-context.ts";

/** Rows and columns of the QR code with its quiet zone; one row stays free for moving the picture. */
const QR_SIDE = 62;
const GAP = 4;

/** Where the box is found. */
export function drawNetworkPage(context: PageContext): void {
  const url = hostUrl(context.facts.network);
  if (!isTall(context)) drawShort(context);
  else if (url === undefined) drawTall(context);
  else drawWithQr(context, url);
}

function drawWithQr(context: PageContext, url: string): void {
  const { target, width } = context;
  const left = LEFT + width - QR_SIDE;
  drawQr(target, url, { x: left, y: 0, width: QR_SIDE, height: QR_SIDE });
  drawTall({ ...context, width: width - QR_SIDE - GAP });
}

function drawTall(context: PageContext): void {
  const { target, facts, sinceMs, width } = context;
  const { hostname, addresses, link, port } = facts.network;
  drawScrolling(target, hostname, LEFT, lineTop(0), width, sinceMs);
  const [first = "no address", ...others] = addresses;
  addressLines(first, width).forEach((line, index) => {
    drawScrolling(target, line, LEFT, lineTop(2 + index), width, sinceMs);
  });
  drawText(target, `port ${port}`, LEFT, lineTop(5));
  drawText(target, linkText(link), LEFT, lineTop(6));
  drawScrolling(target, others.join("  "), LEFT, lineTop(7), width, sinceMs);
}

/** An address of four numbers too wide for its place stands on two lines instead of moving. */
function addressLines(address: string, width: number): string[] {
  if (textWidth(address) <= width || !isIpv4(address)) return [address];
  const [a, b, c, d] = address.split(".");
  return [`${a}.${b}.`, `${c}.${d}`];
}

function drawShort(context: PageContext): void {
  const { target, facts, sinceMs, width } = context;
  const { hostname, addresses, link, port } = facts.network;
  const [first = "no address", ...others] = addresses;
  drawHeader(context, NETWORK_ICON, hostname, linkText(link));
  const scale = others.length === 0 ? fittingScale(first, width, 2) : 1;
  if (scale > 1) drawText(target, first, LEFT, lineTop(1), { scale });
  else drawScrolling(target, first, LEFT, lineTop(1), width, sinceMs);
  drawScrolling(target, others.join("  "), LEFT, lineTop(2), width, sinceMs);
  drawText(target, `port ${port}`, LEFT, lineTop(3));
}
