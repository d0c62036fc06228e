import type { FastifyInstance } from "fastify";
import { type ApiParts, addApiRoutes } from "./api.ts";
import { addSessionRoutes } from "./session-routes.ts";

/** Serves the API's description: made when somebody asks, as what makes it takes memory. */
export function addOpenapiRoute(app: FastifyInstance, parts: ApiParts, version: string): void {
  let made: Promise<object> | undefined;
  app.get("/api/v1/openapi.json", { config: { scope: "status" } }, () => {
    made ??= describe(parts, version);
    return made;
  });
}

async function describe(parts: ApiParts, version: string): Promise<object> {
  const { describeRoutes } = await import("../describe-routes.ts");
  return describeRoutes(frame(version), (app) => {
    addApiRoutes(app, parts);
    addSessionRoutes(app, parts.admin.administration);
    addOpenapiRoute(app, parts, version);
  });
}

function frame(version: string) {
  return {
    openapi: "3.1.0",
    info: {
      title: "KMS Box administration",
      version,
      description:
        "Refusals are {error: {code, message}}. x-scope is what a token must be made for; x-act is " +
        "what the audit log calls it. Over a session, unsafe methods bring x-csrf-token.",
    },
    components: {
      securitySchemes: {
        token: { type: "http", scheme: "bearer" },
        session: { type: "apiKey", in: "cookie", name: "__Host-kms-box" },
      },
    },
  } as const;
}
