import assert from "node:assert/strict";
import type { ProblemName } from "../../src/protocol/problems.ts";
import { makeRequest } from "../../src/protocol/request.ts";
import { START_MS } from "../support/fake-clock.ts";
import { HOUR_SEC, type TestHost, testHost, WRITER } from "../support/host.ts";
import { signerOf } from "../support/keys.ts";
import { contentOf } from "../support/memory-store.ts";
import { refusalOf } from "../support/refusals.ts";

const BUSY = "192.0.2.1";
const CALM = "192.0.2.2";

const ATTEMPT = {
  product: WRITER.id,
  iat: START_MS / 1000,
  jti: "v".repeat(22),
  forged: false,
  malformed: false,
  source: CALM,
};

interface Fault {
  readonly problem: ProblemName;
  /** What differs in a request that would otherwise be accepted. */
  readonly attempt?: Partial<typeof ATTEMPT>;
  /** What happens to a host that would otherwise accept it. */
  readonly host?: (host: TestHost) => void;
}

/** One fault of every stage, in the order of precedence. */
const FAULTS: Readonly<Record<string, Fault>> = {
  form: { problem: "malformed-request", attempt: { malformed: true } },
  licence: { problem: "product-not-licensed", attempt: { product: "unknown" } },
  "clock trust": { problem: "clock-untrusted", host: ({ clock }) => clock.distrust() },
  "clock skew": { problem: "clock-skew", attempt: { iat: ATTEMPT.iat - 5 * HOUR_SEC } },
  signature: { problem: "bad-signature", attempt: { forged: true } },
  replay: { problem: "replayed-request", attempt: { jti: "u".repeat(22) } },
  rate: { problem: "rate-limited", attempt: { source: BUSY } },
  storage: { problem: "storage-failed", host: ({ store }) => store.fail() },
  rule: { problem: "count-below-threshold" },
};

/** A host on which one client was counted, and one source is over its rate. */
async function preparedHost(): Promise<TestHost> {
  const host = await testHost({ requestsPerMinute: 1, burst: 2 });
  const client = signerOf("client");
  const known = await host.request(client, { jti: "u".repeat(22) });
  await refusalOf(host.activation.activate(known, "192.0.2.3"));
  for (let n = 0; n < 2; n++) await refusalOf(host.activation.activate("x", BUSY));
  return host;
}

async function attemptWith(host: TestHost, faults: readonly Fault[]) {
  const client = signerOf("client");
  for (const fault of faults) fault.host?.(host);
  const attempt: typeof ATTEMPT = Object.assign(
    { ...ATTEMPT },
    ...faults.map((fault) => fault.attempt),
  );
  const { product, iat, jti } = attempt;
  const signer = attempt.forged ? signerOf("somebody else") : client;
  const token = await makeRequest(
    host.claims(client, { product, iat, jti }),
    client.publicJwk,
    (data) => signer.sign(data),
  );
  return refusalOf(host.activation.activate(attempt.malformed ? "x" : token, attempt.source));
}

describe("the order of precedence of refusals", () => {
  const names = Object.keys(FAULTS);
  names.forEach((first, position) => {
    for (const second of [undefined, ...names.slice(position + 1)]) {
      const title = second === undefined ? `answers ${first}` : `answers ${first} before ${second}`;
      it(title, async () => {
        const host = await preparedHost();
        const faults = [first, second ?? []].flat().flatMap((name) => FAULTS[name] ?? []);
        const before = contentOf(host.store);
        host.verifier.calls = 0;
        const { code } = await attemptWith(host, faults);
        assert.equal(code, faults[0]?.problem);
        if (first !== "rule") assert.deepEqual(contentOf(host.store), before);
        const checked = position >= names.indexOf("signature");
        assert.equal(host.verifier.calls, checked ? 1 : 0);
      });
    }
  });

  it("costs no signature check where the CMID is not that of the key", async () => {
    const host = await preparedHost();
    const token = await host.request(signerOf("client"), { sub: signerOf("other").cmid });
    host.verifier.calls = 0;
    assert.equal((await refusalOf(host.activation.activate(token, CALM))).code, "bad-signature");
    assert.equal(host.verifier.calls, 0);
  });

  it("leaves no record behind of a flood of forged requests", async () => {
    const host = await testHost();
    const forged = await Promise.all(
      Array.from({ length: 100 }, async (_, n) => {
        const client = signerOf(`client ${n}`);
        const token = await host.request(client);
        return `${token.slice(0, -86)}${"A".repeat(86)}`;
      }),
    );
    const before = contentOf(host.store);
    const refusals = await Promise.all(
      forged.map((token) => refusalOf(host.activation.activate(token, CALM))),
    );
    assert.ok(refusals.every(({ code }) => code === "bad-signature"));
    assert.deepEqual(contentOf(host.store), before);
    assert.equal(host.store.ledger.size, 0);
  });
});
