import type { FastifyHelmetOptions } from "@fastify/helmet";

/**
 * Nothing but what this server sends itself, and in nobody's frame. No HSTS: with a certificate that
 * the box signed itself it would take from the browser's user the way past the warning, and lock them
 * out when the box makes a new one.
 */
export const HEADERS: FastifyHelmetOptions = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", "data:"],
      connectSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
  },
  strictTransportSecurity: false,
  xFrameOptions: { action: "deny" },
  referrerPolicy: { policy: "no-referrer" },
};
