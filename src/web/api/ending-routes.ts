import type { FastifyInstance, FastifyReply } from "fastify";
import type { Endings } from "../../services/endings.ts";
import { type Accepted, AcceptedSchema } from "./schemas.ts";

/** What was asked for will be done once this is answered. */
const ACCEPTED = 202;

export type EndingParts = Pick<
  Endings,
  "requestRestart" | "requestFactoryReset" | "requestPowerOff"
>;

/** Ways in which the service ends: each is answered first. */
export function addEndingRoutes(app: FastifyInstance, endings: EndingParts): void {
  const options = (act: string) => ({
    config: { scope: "system", act } as const,
    schema: { response: { [ACCEPTED]: AcceptedSchema } },
  });
  app.post("/api/v1/restart", options("restart"), (_request, reply): Accepted => {
    endings.requestRestart("command", sent(reply));
    reply.code(ACCEPTED);
    return { accepted: "restart" };
  });
  app.post(
    "/api/v1/reset",
    options("factory-reset"),
    async (_request, reply): Promise<Accepted> => {
      await endings.requestFactoryReset("command", sent(reply));
      reply.code(ACCEPTED);
      return { accepted: "factory-reset" };
    },
  );
  app.post(
    "/api/v1/power-off",
    options("power-off"),
    async (_request, reply): Promise<Accepted> => {
      await endings.requestPowerOff("command", sent(reply));
      reply.code(ACCEPTED);
      return { accepted: "power-off" };
    },
  );
}

/** Resolves when the answer is on its way, or nobody waits for it any longer. */
export function sent(reply: FastifyReply): Promise<void> {
  // An answer that waits behind another one on its connection may never close by itself.
  return new Promise((resolve) => {
    reply.raw.once("finish", resolve).once("close", resolve);
    reply.request.raw.socket.once("close", resolve);
  });
}
