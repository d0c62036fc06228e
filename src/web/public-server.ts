import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import swagger from "@fastify/swagger";
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from "fastify";
import { plainAddress } from "../domain/source-address.ts";
import { SECOND_MS } from "../domain/units.ts";
import type { Clock } from "../ports/clock.ts";
import type { EventLog } from "../ports/events.ts";
import { REQUEST_MAX_BYTES } from "../protocol/request.ts";
import {
  LeaseClaimsSchema,
  LicenceClaimsSchema,
  RequestClaimsSchema,
} from "../protocol/schemas.ts";
import type { TSchema } from "../protocol/typebox.ts";
import { RefusalError } from "../services/refusal.ts";
import type { SourceLimits } from "../services/source-limits.ts";
import { activationRoutes, type PublicServices } from "./activation-routes.ts";
import { FrontDoor } from "./front-door.ts";
import { answerClientError, handleError } from "./problem-reply.ts";
import { QUIET } from "./quiet.ts";
import { TYPEBOX_COMPILERS } from "./schema-compilers.ts";

/** How long answers under way may take when the service stops. */
const FAREWELL_MS = 3 * SECOND_MS;

export interface PublicServerParts extends PublicServices {
  readonly limits: SourceLimits;
  readonly events: EventLog;
  readonly clock: Clock;
  readonly logger: FastifyBaseLogger;
  readonly version: string;
  /** Where it differs from how long a peer is waited for by default. */
  readonly patience?: Partial<typeof PATIENCE>;
}

/** The HTTP service on the port that the SRV record names. */
export class PublicServer {
  readonly #parts: PublicServerParts;
  readonly #door: FrontDoor;
  /** Methods of every address, for telling a wrong method from a wrong address. */
  readonly #methods = new Map<string, string[]>();
  #app: FastifyInstance | undefined;
  #stopping = false;

  constructor(parts: PublicServerParts) {
    this.#parts = parts;
    this.#door = new FrontDoor(parts.events, parts.clock);
  }

  /** @throws {NodeJS.ErrnoException} the address or port cannot be had */
  async start(bind: string, port: number): Promise<AddressInfo> {
    const app = await this.#build();
    this.#app = app;
    await app.listen({ host: bind, port });
    return app.server.address() as AddressInfo;
  }

  /** Takes no more connections, answers what was accepted, and ends what does not end itself. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#door.destroySilent();
    const farewell = setTimeout(() => this.#door.destroyAll(), FAREWELL_MS);
    await this.#app?.close();
    clearTimeout(farewell);
  }

  async #build(): Promise<FastifyInstance> {
    const app = fastify({
      loggerInstance: this.#parts.logger,
      logController: QUIET,
      // No line is written for a request, so that none needs a logger of its own.
      childLoggerFactory: (logger) => logger,
      schemaController: TYPEBOX_COMPILERS,
      bodyLimit: REQUEST_MAX_BYTES,
      forceCloseConnections: "idle",
      return503OnClosing: false,
      routerOptions: { maxParamLength: 64 },
      clientErrorHandler: answerClientError,
      serverFactory: (handler) => this.#guarded(handler),
    });
    app.removeAllContentTypeParsers();
    app.setErrorHandler(handleError);
    await app.register(swagger, { openapi: openapiFrame(this.#parts.version) });
    this.#hooks(app);
    await app.register((scope, _options, done) => {
      activationRoutes(scope, this.#parts);
      done();
    });
    app.get("/v1/openapi.json", { schema: { hide: true } }, () => app.swagger());
    return app;
  }

  #hooks(app: FastifyInstance): void {
    app.addHook("onRoute", ({ url, method }) => {
      this.#methods.set(url, [...(this.#methods.get(url) ?? []), method].flat());
    });
    // Activation requests are held to the rate further on, where its place in the order is.
    app.addHook("onRequest", (request, reply, done) => {
      if (request.method === "POST" && !request.is404) return done();
      this.#requireRate(plainAddress(request.ip));
      if (request.is404) this.#refuseAddress(request, reply);
      done();
    });
    // An answer under way when the service stops is the last on its connection.
    app.addHook("onSend", (_request, reply, _payload, done) => {
      if (this.#stopping) reply.header("connection", "close");
      done();
    });
  }

  #guarded(handler: RequestListener): Server {
    const server = createServer({ ...PATIENCE, ...this.#parts.patience, maxHeaderSize }, handler);
    this.#door.guard(server);
    return server;
  }

  /** In a hook, before a body is read that nobody wants. */
  #refuseAddress(request: FastifyRequest, reply: FastifyReply): never {
    const [path = ""] = request.url.split("?", 1);
    const methods = this.#methods.get(path);
    if (!methods) throw new RefusalError("not-found");
    reply.header("allow", methods.join(", "));
    throw new RefusalError("method-not-allowed");
  }

  #requireRate(source: string): void {
    const waitSeconds = this.#parts.limits.takeRequest(source, this.#parts.clock.monotonicMs());
    if (waitSeconds > 0) throw new RefusalError("rate-limited", { retryAfterSeconds: waitSeconds });
  }
}

const maxHeaderSize = 8 * 1024;
/** How long a peer is waited for, in milliseconds. */
const PATIENCE = {
  headersTimeout: 10 * SECOND_MS,
  requestTimeout: 15 * SECOND_MS,
  keepAliveTimeout: 10 * SECOND_MS,
  connectionsCheckingInterval: 5 * SECOND_MS,
};

function openapiFrame(version: string) {
  return {
    openapi: "3.1.0",
    info: {
      title: "KMS Box activation service",
      version,
      description:
        "Requests, leases and licences are compact JWS (RFC 7515) signed with Ed25519 (RFC 9864).",
    },
    components: {
      schemas: {
        RequestClaims: RequestClaimsSchema,
        LeaseClaims: LeaseClaimsSchema,
        LicenceClaims: LicenceClaimsSchema,
      } satisfies Record<string, TSchema> as Record<string, object>,
    },
  };
}
