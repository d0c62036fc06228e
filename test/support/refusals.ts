import assert from "node:assert/strict";
import { problemDocument } from "../../src/protocol/problems.ts";
import { RefusalError } from "../../src/services/refusal.ts";

/** The refusal that a request ends in; fails if it is answered. */
export async function refusalOf(answer: Promise<unknown>): Promise<RefusalError> {
  const error = await answer.then(
    () => assert.fail("the request was answered"),
    (refused: unknown) => refused,
  );
  if (!(error instanceof RefusalError)) throw error;
  return error;
}

/** Name and members that the wire carries, without the sentence for a person. */
export async function problemOf(answer: Promise<unknown>) {
  const { code, details } = await refusalOf(answer);
  const { detail: _, ...document } = { detail: "", ...problemDocument(code, details) };
  return { ...document, retryAfterSeconds: details.retryAfterSeconds };
}
