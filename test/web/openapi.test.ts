import assert from "node:assert/strict";
import {
  ActivationAnswerSchema,
  HealthAnswerSchema,
  HostAnswerSchema,
  ProblemSchema,
} from "../../src/protocol/api.ts";
import { PROBLEMS } from "../../src/protocol/problems.ts";
import {
  LeaseClaimsSchema,
  LicenceClaimsSchema,
  RequestClaimsSchema,
} from "../../src/protocol/schemas.ts";
import { testHost } from "../support/host.ts";
import { webHost } from "../support/web.ts";

interface Content {
  readonly [mediaType: string]: { readonly schema: unknown };
}
interface Answer {
  readonly description: string;
  readonly content: Content;
  readonly headers?: Readonly<Record<string, { readonly schema: unknown }>>;
}
interface Operation {
  readonly operationId: string;
  readonly requestBody?: { readonly required?: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, Answer>>;
}
interface OpenApi {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

/** What of a schema goes into JSON; a constant is written as an enumeration of one. */
const json = (schema: unknown): unknown =>
  JSON.parse(JSON.stringify(schema), (_key, value) => {
    if (typeof value !== "object" || !("const" in value)) return value;
    const { const: constant, ...rest } = value;
    return { ...rest, enum: [constant] };
  });

describe("the OpenAPI document", () => {
  let document: OpenApi;
  before(async () => {
    const web = await webHost(await testHost());
    const response = await fetch(web.url("/v1/openapi.json"));
    assert.equal(response.status, 200);
    assert.match(response.headers.get("content-type") ?? "", /^application\/json/);
    document = (await response.json()) as OpenApi;
    await web.server.stop();
  });

  const operation = (method: string, path: string): Operation => {
    const found = document.paths[path]?.[method];
    assert.ok(found, `${method} ${path}`);
    return found;
  };

  it("is of OpenAPI 3.1, with title and version", () => {
    assert.match(document.openapi, /^3\.1\.\d+$/);
    assert.equal(document.info.version, "1.2.3");
    assert.ok(document.info.title.length > 0);
  });

  it("has every address with every method of its own, and no other", () => {
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    assert.deepEqual(operations.toSorted(), [
      "get /v1/health",
      "get /v1/host",
      "post /v1/activations",
    ]);
  });

  it("gives every operation a name of its own, and every answer a description", () => {
    const all = Object.values(document.paths).flatMap((methods) => Object.values(methods));
    assert.equal(new Set(all.map(({ operationId }) => operationId)).size, all.length);
    for (const { responses } of all) {
      for (const [status, { description, content }] of Object.entries(responses)) {
        assert.match(status, /^[2-5]\d\d$/);
        assert.ok(description.length > 0);
        for (const { schema } of Object.values(content)) assert.equal(typeof schema, "object");
      }
    }
  });

  it("takes a request as application/jose", () => {
    const { requestBody } = operation("post", "/v1/activations");
    assert.deepEqual(Object.keys(requestBody?.content ?? {}), ["application/jose"]);
    assert.equal(requestBody?.required, true);
  });

  it("names every refusal of an activation by its status, as a problem", () => {
    const { responses } = operation("post", "/v1/activations");
    for (const [name, [status]] of Object.entries(PROBLEMS)) {
      const answer = responses[status];
      assert.ok(answer?.description.split(", ").includes(name), `${status} ${name}`);
      assert.deepEqual(answer?.content, {
        "application/problem+json": { schema: json(ProblemSchema) },
      });
    }
    const statuses = new Set(Object.values(PROBLEMS).map(([status]) => status));
    assert.deepEqual(Object.keys(responses).length, statuses.size + 1);
  });

  it("tells where Retry-After comes", () => {
    const { responses } = operation("post", "/v1/activations");
    const retryable = Object.entries(responses).filter(
      ([, { headers }]) => headers?.["Retry-After"],
    );
    assert.deepEqual(
      retryable.map(([status]) => status),
      ["409", "429", "503"],
    );
  });

  it("names what GET can be refused with", () => {
    for (const path of ["/v1/host", "/v1/health"]) {
      const { responses } = operation("get", path);
      assert.equal(responses["429"]?.description, "rate-limited");
      assert.equal(responses["500"]?.description, "internal-error");
    }
  });

  it("holds the very schemas that are validated with", () => {
    const of = (method: string, path: string, status: number) =>
      operation(method, path).responses[status]?.content["application/json"]?.schema;
    assert.deepEqual(of("post", "/v1/activations", 200), json(ActivationAnswerSchema));
    assert.deepEqual(of("get", "/v1/host", 200), json(HostAnswerSchema));
    assert.deepEqual(of("get", "/v1/health", 200), json(HealthAnswerSchema));
    assert.deepEqual(of("get", "/v1/health", 503), json(HealthAnswerSchema));
    assert.deepEqual(document.components.schemas, {
      RequestClaims: json(RequestClaimsSchema),
      LeaseClaims: json(LeaseClaimsSchema),
      LicenceClaims: json(LicenceClaimsSchema),
    });
  });
});
