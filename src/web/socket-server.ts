import { chmod, rm } from "node:fs/promises";
import fastify, { type FastifyBaseLogger, type FastifyInstance } from "fastify";
import { type ApiParts, addApi } from "./api/api.ts";
import { COMMAND_LINE } from "./api/caller.ts";
import { QUIET } from "./quiet.ts";
import { TYPEBOX_COMPILERS } from "./schema-compilers.ts";

export interface SocketServerParts extends ApiParts {
  readonly logger: FastifyBaseLogger;
}

/**
 * The API for the command line, over a Unix socket that only the box's own user may open: whoever can,
 * could read the state folder as well.
 */
export class SocketServer {
  readonly #parts: SocketServerParts;
  #app: FastifyInstance | undefined;

  constructor(parts: SocketServerParts) {
    this.#parts = parts;
  }

  /** The caller holds the state folder's lock, so that a socket found there is a dead one's. */
  async start(path: string): Promise<void> {
    await rm(path, { force: true });
    const app = fastify({
      loggerInstance: this.#parts.logger,
      logController: QUIET,
      schemaController: TYPEBOX_COMPILERS,
      forceCloseConnections: true,
      bodyLimit: 128 * 1024,
    });
    this.#app = app;
    addApi(app, this.#parts);
    app.addHook("onRequest", (request, _reply, done) => {
      request.caller = COMMAND_LINE;
      done();
    });
    await app.listen({ path });
    await chmod(path, 0o600);
  }

  async stop(): Promise<void> {
    await this.#app?.close();
  }
}
