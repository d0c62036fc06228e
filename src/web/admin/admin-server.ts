import { createServer, type Server } from "node:https";
import cookie from "@fastify/cookie";
import helmet from "@fastify/helmet";
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from "fastify";
import { RateLimit } from "../../domain/rate-limit.ts";
import { clientNetwork } from "../../domain/source-address.ts";
import { SECOND_MS } from "../../domain/units.ts";
import type { Clock } from "../../ports/clock.ts";
import { ApiRefusal } from "../api/answer-error.ts";
import { type ApiParts, addApi } from "../api/api.ts";
import type { Caller } from "../api/caller.ts";
import { addOpenapiRoute } from "../api/openapi-route.ts";
import { addSessionRoutes } from "../api/session-routes.ts";
import type { PageAssets } from "../pages/assets.ts";
import { limitConnections, PAGE_PATIENCE } from "../pages/connection-limits.ts";
import type { ServerBehind } from "../pages/doorkeeper.ts";
import type { PageFiles } from "../pages/page-files.ts";
import { QUIET } from "../quiet.ts";
import { TYPEBOX_COMPILERS } from "../schema-compilers.ts";
import { adminPage } from "./admin-page.ts";
import { BodyPatience, type Patience } from "./body-patience.ts";
import { Gate } from "./gate.ts";
import { HEADERS } from "./headers.ts";

/** Requests of one network, the administrator or one token: sustained in a minute, and at once after a pause. */
const RATE_PER_MINUTE = 600;
const RATE_BURST = 300;
/** Of all that whoever holds the door lets in. */
const MOST_PER_SOURCE = 48;
const LARGEST_BODY_BYTES = 128 * 1024;
const HANDSHAKE_MS = 10 * SECOND_MS;
/** How long answers under way may take when the service stops. */
const FAREWELL_MS = SECOND_MS;

export interface AdminServerParts extends ApiParts {
  /** Absent where they were not built; the API is served all the same. */
  readonly assets: PageAssets | undefined;
  /** What the page needs of those. */
  readonly files: PageFiles | undefined;
  /** Both as PEM. */
  readonly certificate: { readonly key: string; readonly certificate: string };
  readonly monotonic: Pick<Clock, "monotonicMs">;
  readonly logger: FastifyBaseLogger;
  readonly version: string;
  /** The usual one if left out. */
  readonly patience?: Patience;
}

/** The administration: pages and the API, for who has logged in or brings a token. */
export class AdminServer {
  readonly #parts: AdminServerParts;
  readonly #gate: Gate;
  readonly #rate = new RateLimit(RATE_PER_MINUTE, RATE_BURST);
  readonly #patience: BodyPatience;
  #server: Server | undefined;

  constructor(parts: AdminServerParts) {
    this.#parts = parts;
    this.#gate = new Gate(parts.admin);
    this.#patience = new BodyPatience(parts.patience);
  }

  /** Makes the server: `make` of a doorkeeper, who gives it its connections. */
  async open(): Promise<ServerBehind> {
    const app = await this.#build();
    await app.ready();
    return { server: app.server, stop: () => this.#stop(app) };
  }

  /** For connections from now on. */
  use({ key, certificate }: AdminServerParts["certificate"]): void {
    this.#server?.setSecureContext({ ...TLS, key, cert: certificate });
  }

  async #stop(app: FastifyInstance): Promise<void> {
    app.server.closeIdleConnections();
    setTimeout(() => app.server.closeAllConnections(), FAREWELL_MS).unref();
    await app.close();
  }

  async #build(): Promise<FastifyInstance> {
    const app = fastify({
      loggerInstance: this.#parts.logger,
      logController: QUIET,
      childLoggerFactory: (own) => own,
      schemaController: TYPEBOX_COMPILERS,
      bodyLimit: LARGEST_BODY_BYTES,
      forceCloseConnections: "idle",
      return503OnClosing: false,
      routerOptions: { maxParamLength: 256 },
      serverFactory: (handler) => {
        const { key, certificate } = this.#parts.certificate;
        const options = { ...PAGE_PATIENCE, requestTimeout: 0, ...TLS, key, cert: certificate };
        const server = createServer({ ...options, handshakeTimeout: HANDSHAKE_MS }, handler);
        this.#patience.watch(server);
        limitConnections(server, { inAll: Number.POSITIVE_INFINITY, perSource: MOST_PER_SOURCE });
        // Whoever does not speak TLS is no event of ours.
        server.on("tlsClientError", (_error, socket) => socket.destroy());
        this.#server = server;
        return server;
      },
    });
    await app.register(helmet, HEADERS);
    await app.register(cookie);
    app.addHook("onRequest", (request, reply, done) => this.#admit(request, reply, done));
    addApi(app, this.#parts);
    addOpenapiRoute(app, this.#parts, this.#parts.version);
    addSessionRoutes(app, this.#parts.admin.administration);
    this.#addPages(app);
    return app;
  }

  #addPages(app: FastifyInstance): void {
    const { assets, files } = this.#parts;
    const open = { scope: "status", open: true } as const;
    assets?.addRoutes(app, open);
    const page = files && adminPage(files);
    const send = (_request: FastifyRequest, reply: FastifyReply) => {
      if (page === undefined) throw new ApiRefusal("not-found", "The pages were not built.");
      return reply.type("text/html; charset=utf-8").header("cache-control", "no-store").send(page);
    };
    app.get("/", { config: open, schema: { hide: true } as object }, send);
    app.setNotFoundHandler(() => {
      throw new ApiRefusal("not-found", "There is nothing at this address.");
    });
  }

  #admit(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
    const caller = this.#gate.callerOf(request);
    const waitMs = this.#rate.take(rateKeyOf(caller), this.#parts.monotonic.monotonicMs());
    if (waitMs > 0) throw new ApiRefusal("too-many-requests", `Wait ${waitMs} ms, then go on.`);
    request.caller = caller;
    const { routeOptions, is404, url } = request;
    if (url.startsWith("/api/")) reply.header("cache-control", "no-store");
    if (!is404) this.#gate.admit(request, routeOptions.config);
    if (routeOptions.config?.file) this.#patience.waitForFile(request.raw);
    done();
  }
}

/** Strangers in the same network do not use up what is the administrator's or a program's. */
function rateKeyOf({ kind, name, source }: Caller): string {
  return kind === "nobody" ? clientNetwork(source) : name;
}

const TLS = { minVersion: "TLSv1.2", honorCipherOrder: true } as const;
