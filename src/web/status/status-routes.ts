import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { RANGES, type Range } from "../../domain/history/tiers.ts";
import { plainAddress } from "../../domain/source-address.ts";
import type { PanelService } from "../../services/panel/panel-service.ts";
import { type HistoryReader, historyAnswer } from "../api/history-routes.ts";
import { type HistoryQuery, HistoryQuerySchema, HistorySchema } from "../api/history-schemas.ts";
import type { PageFiles } from "../pages/page-files.ts";
import type { LiveFeed } from "./live-feed.ts";
import { frameOf } from "./panel-section.ts";
import { statusPage } from "./status-page.ts";
import type { StatusView } from "./status-view.ts";

export interface StatusRouteParts {
  readonly view: () => StatusView;
  /** Undefined if the panel is turned off. */
  readonly panel: Pick<PanelService, "publicSnapshot" | "watch"> | undefined;
  readonly history: HistoryReader;
  readonly feed: LiveFeed;
  readonly files: PageFiles;
}

const NOW_ONLY = "no-store";
/** How long a browser waits before it connects again. */
const RETRY = "retry: 3000\n\n";

/** The page, what keeps it up to date, and its parts for programs. */
export function statusRoutes(app: FastifyInstance, parts: StatusRouteParts): void {
  const { history, panel, feed } = parts;
  const range = { querystring: HistoryQuerySchema };
  app.get<{ Querystring: { range?: unknown } }>("/", (request, reply) => {
    // Whatever else stands in an address that somebody kept: it is the page that is wanted.
    const chosen = RANGES.find((each) => each === request.query.range) ?? RANGES[0];
    return reply
      .type("text/html; charset=utf-8")
      .header("cache-control", NOW_ONLY)
      .send(pageFor(request, chosen, parts));
  });
  app.get<{ Querystring: HistoryQuery }>(
    "/history.json",
    { schema: { ...range, response: { 200: HistorySchema } } },
    (request, reply) => {
      reply.header("cache-control", NOW_ONLY);
      return historyAnswer(history.read(request.query.range));
    },
  );
  app.get("/panel.json", (_request, reply) => {
    reply.header("cache-control", NOW_ONLY);
    if (panel) return frameOf(panel.publicSnapshot());
    return reply.code(404).send({ error: { code: "panel-off", message: "There is no panel." } });
  });
  app.get("/events", { exposeHeadRoute: false }, (request, reply) => follow(request, reply, feed));
}

function follow(request: FastifyRequest, reply: FastifyReply, feed: LiveFeed): FastifyReply {
  const source = plainAddress(request.ip);
  if (!feed.hasRoom(source)) {
    return reply.code(503).header("retry-after", 30).type("text/plain").send("Too many pages.\n");
  }
  const { raw } = reply;
  // Asked for behind another answer, or by somebody who is gone: its end would never be heard of.
  if (raw.socket === null || raw.destroyed || request.raw.socket.destroyed) {
    reply.hijack();
    request.raw.socket.destroy();
    return reply;
  }
  reply.hijack();
  // The security headers were set on the reply, which does not send any more.
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) raw.setHeader(name, value);
  }
  raw.setHeader("content-type", "text/event-stream");
  raw.setHeader("cache-control", NOW_ONLY);
  raw.write(RETRY);
  feed.add(raw, source);
  return reply;
}

function pageFor(
  { headers }: FastifyRequest,
  range: Range,
  { view: read, panel, history, files }: StatusRouteParts,
): string {
  const view = read();
  return statusPage({
    view,
    panel: panel?.publicSnapshot(),
    history: history.read(range),
    files,
    host: hostOf(headers.host) ?? view.facts.network.hostname,
  });
}

/** The name or address that the browser used, without the port; undefined if it is none. */
function hostOf(header = ""): string | undefined {
  return /^([a-z0-9.-]{1,255}|\[[0-9a-f:.]{2,45}\])(:\d{1,5})?$/i.exec(header)?.[1];
}
