import type { PanelFacts } from "./facts.ts";
import { Framebuffer, PAGE_ROWS } from "./framebuffer.ts";
import { drawCertificatePage } from "./pages/certificate-page.ts";
import { drawClientsPage } from "./pages/clients-page.ts";
import { drawCodeScreen } from "./pages/code-screen.ts";
import { drawCountPage } from "./pages/count-page.ts";
import { drawDnsPage } from "./pages/dns-page.ts";
import { drawFaultPage } from "./pages/fault-page.ts";
import { drawHealthPage } from "./pages/health-page.ts";
import { drawHoldingScreen } from "./pages/holding-screen.ts";
import { drawNetworkPage } from "./pages/network-page.ts";
import { drawNotice } from "./pages/notice.ts";
import { LEFT, type PageContext, RIGHT_MARGIN } from "./pages/page-context.ts";
import { DOTS_COLUMNS, drawPositionDots } from "./pages/position-dots.ts";
import { noticeOf } from "./pages/state-notices.ts";
import type { PageName, Screen } from "./screen.ts";

/** Columns and rows of a display: 128x64 or 128x32. */
export interface PanelSize {
  readonly width: number;
  readonly height: number;
}

/** By how many pixels the picture is moved against burn-in, to the right and down. */
export interface Shift {
  readonly x: number;
  readonly y: number;
}

/** Lines of text are seven rows of eight: moved by one they still take the same bytes. */
const BOTTOM_MARGIN = 1;

/** Draws what the panel shows. The picture is moved within its margins only, so nothing is cut off. */
export function drawScreen(
  screen: Screen,
  facts: PanelFacts,
  { width, height }: PanelSize,
  shift: Shift = { x: 0, y: 0 },
): Framebuffer {
  const target = new Framebuffer(width, height);
  draw(screen, { target, facts, sinceMs: 0, width: width - LEFT - RIGHT_MARGIN });
  return moved(target, {
    x: Math.max(-LEFT, Math.min(RIGHT_MARGIN, shift.x)),
    y: Math.max(0, Math.min(BOTTOM_MARGIN, shift.y)),
  });
}

function draw(screen: Screen, context: PageContext): void {
  switch (screen.kind) {
    case "page": {
      const { name, position, pages, sinceMs } = screen;
      drawPositionDots(context.target, LEFT + context.width, position, pages);
      drawPage(name, { ...context, sinceMs, width: context.width - DOTS_COLUMNS });
      break;
    }
    case "holding":
      drawHoldingScreen(context, screen);
      break;
    case "code":
      drawCodeScreen(context, screen.code, screen.remainingMs);
      break;
    default:
      drawNotice(context, noticeOf(screen));
  }
}

function drawPage(name: PageName, context: PageContext): void {
  switch (name.page) {
    case "fault":
      drawFaultPage(context, name.index);
      break;
    case "count":
      drawCountPage(context, name.index);
      break;
    default:
      PLAIN_PAGES[name.page](context);
  }
}

const PLAIN_PAGES = {
  network: drawNetworkPage,
  dns: drawDnsPage,
  clients: drawClientsPage,
  health: drawHealthPage,
  certificate: drawCertificatePage,
};

/** Byte by byte, as this is done for every picture: a page's lower rows move into the one below. */
function moved(picture: Framebuffer, { x, y }: Shift): Framebuffer {
  if (x === 0 && y === 0) return picture;
  const { width, height, pages } = picture;
  const result = new Framebuffer(width, height);
  for (let page = 0; page < pages; page++) {
    for (let column = Math.max(0, x); column < Math.min(width, width + x); column++) {
      const place = page * width + column;
      const from = place - x;
      const above = page === 0 ? 0 : (picture.bytes[from - width] ?? 0);
      result.bytes[place] = ((picture.bytes[from] ?? 0) << y) | (above >> (PAGE_ROWS - y));
    }
  }
  return result;
}
