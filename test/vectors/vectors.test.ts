import assert from "node:assert/strict";
import { createHash, createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import {
  NodeEd25519Signer,
  NodeEd25519Verifier,
  type PrivateJwk,
  sha256,
} from "../../src/platform/ed25519.ts";
import {
  type DistrustReason,
  type LeaseExpectation,
  LeaseNotTrustedError,
  trustLease,
} from "../../src/protocol/lease.ts";
import { openLicence } from "../../src/protocol/licence.ts";
import { PROBLEMS, type ProblemName } from "../../src/protocol/problems.ts";
import { openRequest } from "../../src/protocol/request.ts";
import { TestHost } from "../support/host.ts";
import { signerOf } from "../support/keys.ts";
import { MemoryStore } from "../support/memory-store.ts";
import { buildVectors, vectorsFolder } from "./build.ts";

interface Shown {
  readonly token: string;
  readonly header: Record<string, unknown>;
  readonly claims: Record<string, unknown>;
}

const SOURCE = "192.0.2.1";
const verifier = new NodeEd25519Verifier();
const crypto = { sha256, verify: verifier.verify.bind(verifier) };
const read = (name: string): string => readFileSync(`${vectorsFolder}/${name}`, "utf8");
const load = <T>(name: string): T => JSON.parse(read(name)) as T;

const { keys } = load<{
  keys: { name: string; jwk: PrivateJwk; thumbprint: string; cmid: string }[];
}>("keys.json");
const licence = load<Shown>("licence.json");
const accepted = load<{ now: number; requests: (Shown & { name: string })[] }>("requests.json");
const refused = load<{
  now: number;
  before: string[];
  requests: { name: string; problem: ProblemName; token: string }[];
}>("invalid-requests.json");
const lease = load<Shown & { licence: string; expected: LeaseExpectation }>("lease.json");
const distrusted = load<{
  expected: LeaseExpectation;
  answers: { name: string; reason: DistrustReason; lease: string; licence: string }[];
}>("invalid-leases.json");

/** The host of the vectors, at their time. */
async function vectorHost(nowSec: number): Promise<TestHost> {
  const host = new TestHost(new MemoryStore(), {}, signerOf("vector host"));
  host.clock.wallMs = nowSec * 1000;
  await host.licences.install(licence.token, { nowMs: host.clock.wallMs });
  return host;
}

describe("the test vectors", () => {
  it("are the same bytes whenever they are made", async () => {
    for (const [name, content] of Object.entries(await buildVectors())) {
      assert.equal(content, read(name), `${name} is not what generate.ts makes`);
    }
  });

  for (const { name, jwk, thumbprint, cmid } of keys) {
    it(`name the ${name}'s key by nothing but SHA-256 over its literal JSON`, () => {
      const text = `{"crv":"Ed25519","kty":"OKP","x":"${jwk.x}"}`;
      const digest = createHash("sha256").update(text, "ascii").digest();
      assert.equal(thumbprint, digest.toString("base64url"));
      const hex = digest.toString("hex").slice(0, 32).split("");
      hex[12] = "8";
      hex[16] = "89ab".charAt(Number.parseInt(hex[16] ?? "", 16) & 3);
      const joined = hex.join("");
      const groups = [
        [0, 8],
        [8, 12],
        [12, 16],
        [16, 20],
        [20, 32],
      ] as const;
      assert.equal(cmid, groups.map(([from, to]) => joined.slice(from, to)).join("-"));
      const signer = new NodeEd25519Signer(jwk);
      assert.deepEqual([signer.thumbprint, signer.cmid], [thumbprint, cmid]);
    });
  }

  it("show what their tokens say", () => {
    for (const { token, header, claims } of [licence, lease, ...accepted.requests]) {
      const [head = "", body = ""] = token.split(".");
      assert.deepEqual(JSON.parse(Buffer.from(head, "base64url").toString()), header);
      assert.deepEqual(JSON.parse(Buffer.from(body, "base64url").toString()), claims);
    }
  });

  it("hold a licence that is whole", async () => {
    const { claims } = await openLicence(licence.token, crypto);
    assert.deepEqual(claims, licence.claims);
  });

  it("hold signatures that node:crypto alone takes for true", () => {
    for (const { token } of accepted.requests) {
      const { jwk } = openRequest(token);
      const cut = token.lastIndexOf(".");
      const key = createPublicKey({ key: { ...jwk }, format: "jwk" });
      const signature = Buffer.from(token.slice(cut + 1), "base64url");
      assert.ok(verify(null, Buffer.from(token.slice(0, cut)), key, signature));
    }
  });

  it("hold requests that a host accepts one after the other", async () => {
    const host = await vectorHost(accepted.now);
    for (const { name, token } of accepted.requests) {
      const answer = await host.activation.activate(token, SOURCE);
      assert.equal(answer.count, 1, name);
    }
  });

  it("hold the very lease that answers the first of them", async () => {
    const host = await vectorHost(accepted.now);
    const answer = await host.activation.activate(accepted.requests[0]?.token ?? "", SOURCE);
    assert.equal(answer.lease, lease.token);
    assert.equal(answer.licence, lease.licence);
  });

  it("hold a lease that its client trusts", async () => {
    const tokens = { lease: lease.token, licence: lease.licence };
    const trusted = await trustLease(tokens, lease.expected, crypto);
    assert.deepEqual(trusted.lease, lease.claims);
  });

  for (const { name, problem, token } of refused.requests) {
    it(`hold a request that is refused with ${problem}: ${name}`, async () => {
      const host = await vectorHost(refused.now);
      for (const earlier of refused.before) await host.activation.activate(earlier, SOURCE);
      assert.ok(problem in PROBLEMS);
      await assert.rejects(host.activation.activate(token, SOURCE), { code: problem });
      assert.equal(host.store.ledger.size, 1);
    });
  }

  it("hold a request of every fault that can stand in one", () => {
    assert.deepEqual([...new Set(refused.requests.map(({ problem }) => problem))].toSorted(), [
      "bad-signature",
      "clock-skew",
      "malformed-request",
      "product-not-licensed",
      "replayed-request",
    ]);
  });

  for (const { name, reason, ...tokens } of distrusted.answers) {
    it(`hold an answer that is not believed: ${name}`, async () => {
      await assert.rejects(trustLease(tokens, distrusted.expected, crypto), (error: unknown) => {
        assert.ok(error instanceof LeaseNotTrustedError);
        assert.equal(error.reason, reason);
        return true;
      });
    });
  }
});
