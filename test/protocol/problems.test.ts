import assert from "node:assert/strict";
import { ProblemSchema } from "../../src/protocol/api.ts";
import {
  PROBLEMS,
  type ProblemName,
  problemDocument,
  problemName,
} from "../../src/protocol/problems.ts";
import { checker } from "../../src/protocol/schemas.ts";

const names = Object.keys(PROBLEMS) as ProblemName[];

describe("a refusal on the wire", () => {
  it("is a document of its schema, whose type gives its name back", () => {
    const check = checker(ProblemSchema, "problem");
    for (const name of names) {
      const document = problemDocument(name, { detail: "Why.", count: 1, retryAfterSeconds: 9 });
      check(document);
      assert.equal(document.type, `urn:kms-box:problem:${name}`);
      assert.equal(document.status, PROBLEMS[name][0]);
      assert.equal(problemName(document.type), name);
      assert.equal("retryAfterSeconds" in document, false);
    }
  });

  it("has the status that the design gives it", () => {
    const statuses = names.map((name) => `${name} ${PROBLEMS[name][0]}`);
    for (const stated of [
      "malformed-request 400",
      "bad-signature 401",
      "product-not-licensed 403",
      "clock-skew 403",
      "count-below-threshold 409",
      "replayed-request 409",
      "too-large 413",
      "unsupported-media-type 415",
      "too-many-new-clients 429",
      "rate-limited 429",
      "clock-untrusted 503",
      "storage-failed 503",
      "overloaded 503",
    ]) {
      assert.ok(statuses.includes(stated), stated);
    }
  });

  it("has no name where its type is none of this protocol", () => {
    for (const type of ["", "about:blank", "urn:kms-box:problem:toString", "overloaded", 7, null]) {
      assert.equal(problemName(type), undefined);
    }
  });
});
