import assert from "node:assert/strict";
import { type Answer, HttpConnection } from "./http-connection.ts";

const CONNECTIONS = 32;

/** An answer that a client received: its record must outlive the host. */
interface Answered {
  readonly token: string;
  readonly status: number;
}

/**
 * Sends every token, 32 at a time, and collects the answers that arrive until the host is gone.
 *
 * @param told after each answer, of how many there are
 */
export async function askAll(
  port: number,
  tokens: readonly string[],
  told: (answers: number) => void = () => undefined,
): Promise<Answered[]> {
  const answered: Answered[] = [];
  const left = tokens.values();
  const work = async (): Promise<void> => {
    const connection = await HttpConnection.open(port);
    for (const token of left) {
      const { status } = await connection.activate(token);
      assert.ok(status === 200 || status === 409, `status ${status}`);
      answered.push({ token, status });
      told(answered.length);
    }
    connection.close();
  };
  await Promise.allSettled(Array.from({ length: CONNECTIONS }, work));
  return answered;
}

/** Whatever becomes of a connection on the way through an emulator's network: asked again, it is the same. */
const MOST_CONNECTIONS = 5;

/** A request that was counted is a replay now; one whose record was lost would be counted again. */
export async function assertKept(port: number, answered: readonly Answered[]): Promise<void> {
  const left = answered.values();
  const work = async (): Promise<void> => {
    let connection = await HttpConnection.open(port);
    const ask = async (token: string, tries = 1): Promise<Answer> => {
      try {
        return await connection.activate(token);
      } catch (error) {
        if (tries === MOST_CONNECTIONS) throw error;
        connection = await HttpConnection.open(port);
        return ask(token, tries + 1);
      }
    };
    for (const { token, status: before } of left) {
      const { status, body } = await ask(token);
      assert.equal(status, 409, `answered ${before} before the kill, forgotten after it`);
      assert.match(body, /urn:kms-box:problem:replayed-request/);
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, work));
}
