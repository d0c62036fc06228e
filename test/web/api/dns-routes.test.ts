import assert from "node:assert/strict";
import fastify, { type FastifyInstance } from "fastify";
import type { DomainReport } from "../../../src/domain/dns-registration.ts";
import { DomainUnknownError } from "../../../src/services/dns/registration.ts";
import { addDnsRoutes, type DnsPublisher } from "../../../src/web/api/dns-routes.ts";
import { TYPEBOX_COMPILERS } from "../../../src/web/schema-compilers.ts";
import { registration } from "../../support/dns-registrations.ts";

const REPORT: DomainReport = {
  registration: registration({ addresses: ["192.0.2.7"] }),
  server: "192.0.2.53#53",
  rivals: [{ target: "other.office.test", port: 1688, priority: 0, weight: 0 }],
  state: { state: "published", sinceMs: 0, checkedMs: 1000, seenBySystem: false },
};
const FAILED: DomainReport = {
  ...REPORT,
  server: null,
  rivals: [],
  state: { state: "failed", code: "no-zone", reason: "Check it.", sinceMs: 0, retryMs: 1000 },
};

describe("publishing over the administrator's socket", () => {
  let asked: string[];
  let app: FastifyInstance;

  async function serve(dns: DnsPublisher | undefined): Promise<void> {
    app = fastify({ schemaController: TYPEBOX_COMPILERS });
    addDnsRoutes(app, dns);
    await app.ready();
  }
  beforeEach(() => {
    asked = [];
    return serve({
      reports: [REPORT, FAILED],
      publish: async () => {
        asked.push("publish");
        return [REPORT];
      },
      withdraw: async (domain) => {
        if (domain === "else.test") throw new DomainUnknownError("not there");
        asked.push(`withdraw ${domain}`);
        return [REPORT];
      },
    });
  });
  afterEach(() => app.close());

  const call = async (method: "GET" | "POST", url: string, payload?: object) => {
    const answer = await app.inject({ method, url, ...(payload && { payload }) });
    return { status: answer.statusCode, body: answer.json() };
  };

  it("tells how it stands with each domain", async () => {
    const { status, body } = await call("GET", "/api/v1/dns");
    const { name, domain, target } = REPORT.registration;
    const record = { name, domain, target, port: 1688, priority: 0, weight: 100, ttlSeconds: 3600 };
    const since = "1970-01-01T00:00:00.000Z";
    assert.equal(status, 200);
    assert.deepEqual(body.domains, [
      {
        ...record,
        addresses: ["192.0.2.7"],
        server: "192.0.2.53#53",
        rivals: REPORT.rivals,
        state: "published",
        since,
        checked: "1970-01-01T00:00:01.000Z",
        seenBySystem: false,
        code: null,
        reason: null,
        retry: null,
      },
      {
        ...record,
        addresses: ["192.0.2.7"],
        server: null,
        rivals: [],
        state: "failed",
        since,
        checked: null,
        seenBySystem: null,
        code: "no-zone",
        reason: "Check it.",
        retry: "1970-01-01T00:00:01.000Z",
      },
    ]);
  });

  it("publishes anew, and withdraws one domain or all", async () => {
    assert.equal((await call("POST", "/api/v1/dns/publish")).status, 200);
    assert.equal((await call("POST", "/api/v1/dns/withdraw", { domain: "a.test" })).status, 200);
    assert.equal((await call("POST", "/api/v1/dns/withdraw", {})).body.domains.length, 1);
    assert.deepEqual(asked, ["publish", "withdraw a.test", "withdraw undefined"]);
  });

  it("refuses a domain that is none of its own, and options that it does not know", async () => {
    const unknown = await call("POST", "/api/v1/dns/withdraw", { domain: "else.test" });
    assert.equal(unknown.body.code, "domain-unknown");
    for (const payload of [{ domain: "" }, { all: true }]) {
      assert.equal((await call("POST", "/api/v1/dns/withdraw", payload)).status, 400);
    }
  });

  it("has nothing to tell where nothing is published", async () => {
    await app.close();
    await serve(undefined);
    assert.deepEqual((await call("GET", "/api/v1/dns")).body, { domains: [] });
    for (const url of ["/api/v1/dns/publish", "/api/v1/dns/withdraw"]) {
      assert.equal((await call("POST", url, {})).body.code, "dns-off");
    }
  });
});
