import fastify from "fastify";

/** The event log tells what an administrator should know of requests; the HTTP layer adds nothing. */
export const QUIET = new fastify.LogController({ disableRequestLogging: true });
