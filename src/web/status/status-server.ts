import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import helmet from "@fastify/helmet";
import fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from "fastify";
import { RateLimit } from "../../domain/rate-limit.ts";
import { plainAddress } from "../../domain/source-address.ts";
import { SECOND_MS } from "../../domain/units.ts";
import type { Clock } from "../../ports/clock.ts";
import type { PageAssets } from "../pages/assets.ts";
import { limitConnections, PAGE_PATIENCE } from "../pages/connection-limits.ts";
import { listenForPages, type PagePlace } from "../pages/listening.ts";
import { QUIET } from "../quiet.ts";
import { TYPEBOX_COMPILERS } from "../schema-compilers.ts";
import { type FeedParts, LiveFeed } from "./live-feed.ts";
import { type StatusRouteParts, statusRoutes } from "./status-routes.ts";

/** Requests of one address: sustained in a minute, and at once after a pause. */
const RATE_PER_MINUTE = 600;
const RATE_BURST = 120;
const MOST_CONNECTIONS = { inAll: 512, perSource: 64 };
/** How long answers under way may take when the service stops. */
const FAREWELL_MS = SECOND_MS;

export interface StatusServerParts
  extends Omit<StatusRouteParts, "feed" | "files">,
    Omit<FeedParts, "panel"> {
  readonly assets: PageAssets;
  readonly clock: Clock;
  readonly logger: FastifyBaseLogger;
  /** Routes of others that everybody may read. */
  readonly more?: readonly ((app: FastifyInstance) => void)[];
}

/** The page for everybody on the network. It only reads. */
export class StatusServer {
  readonly #parts: StatusServerParts;
  readonly #feed: LiveFeed;
  readonly #rate = new RateLimit(RATE_PER_MINUTE, RATE_BURST);
  #app: FastifyInstance | undefined;

  constructor(parts: StatusServerParts) {
    this.#parts = parts;
    this.#feed = new LiveFeed(parts);
  }

  /** @throws {NodeJS.ErrnoException} no place can be had */
  async start(place: PagePlace): Promise<AddressInfo> {
    const app = await this.#build();
    this.#app = app;
    return listenForPages(app, place);
  }

  async stop(): Promise<void> {
    this.#feed.stop();
    const app = this.#app;
    const farewell = setTimeout(() => app?.server.closeAllConnections(), FAREWELL_MS);
    await app?.close();
    clearTimeout(farewell);
  }

  async #build(): Promise<FastifyInstance> {
    const { assets, logger, more = [] } = this.#parts;
    const app = fastify({
      loggerInstance: logger,
      logController: QUIET,
      childLoggerFactory: (own) => own,
      schemaController: TYPEBOX_COMPILERS,
      bodyLimit: 1024,
      forceCloseConnections: "idle",
      return503OnClosing: false,
      routerOptions: { maxParamLength: 64 },
      serverFactory: (handler) => {
        const server = createServer(PAGE_PATIENCE, handler);
        limitConnections(server, MOST_CONNECTIONS);
        return server;
      },
    });
    app.removeAllContentTypeParsers();
    await app.register(helmet, HEADERS);
    app.addHook("onRequest", (request, reply, done) => this.#admit(request, reply, done));
    app.setErrorHandler(answerError);
    app.setNotFoundHandler((_request, reply) => reply.code(404).type(TEXT).send("Not found.\n"));
    assets.addRoutes(app);
    statusRoutes(app, { ...this.#parts, feed: this.#feed, files: assets.page("status") });
    for (const add of more) add(app);
    return app;
  }

  #admit(request: FastifyRequest, reply: FastifyReply, done: () => void): unknown {
    if (request.method !== "GET" && request.method !== "HEAD") {
      const said = "This page can only be read: GET and HEAD.\n";
      return reply.code(405).header("allow", "GET, HEAD").type(TEXT).send(said);
    }
    const source = plainAddress(request.ip);
    const waitMs = this.#rate.take(source, this.#parts.clock.monotonicMs());
    if (waitMs > 0) {
      const seconds = Math.ceil(waitMs / SECOND_MS);
      const said = `Too many requests from ${source}: wait ${seconds} s.\n`;
      return reply.code(429).header("retry-after", seconds).type(TEXT).send(said);
    }
    return done();
  }
}

const TEXT = "text/plain; charset=utf-8";

/** Nothing but what this server sends itself; no HSTS, as it speaks plain HTTP. */
const HEADERS = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", "data:"],
      connectSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  strictTransportSecurity: false,
  // Browsers heed these over HTTPS alone.
  crossOriginOpenerPolicy: false,
  originAgentCluster: false,
  xFrameOptions: { action: "deny" as const },
  referrerPolicy: { policy: "no-referrer" as const },
};

function answerError(error: FastifyError, _request: FastifyRequest, reply: FastifyReply) {
  const status = error.statusCode ?? 500;
  const said = status < 500 ? error.message : "The box could not answer this.";
  return reply.code(status).type(TEXT).send(`${said}\n`);
}
