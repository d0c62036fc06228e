import type { FastifyInstance } from "fastify";
import type { Administration } from "../../services/admin/administration.ts";
import { type PasswordChange, PasswordSchema } from "./session-schemas.ts";

/** Changes the password: over HTTPS by who knows the present one, over the socket by who opened it. */
export function addPasswordRoute(app: FastifyInstance, administration: Administration): void {
  app.post<{ Body: PasswordChange }>(
    "/api/v1/password",
    {
      config: { scope: "administration", act: "change-password" },
      schema: { body: PasswordSchema },
    },
    async ({ body: { current = "", password }, caller }) => {
      if (caller.kind === "command-line") await administration.setPassword(password);
      else {
        const { source, session } = caller;
        await administration.changePassword(current, password, source, session?.id);
      }
      return {};
    },
  );
}
