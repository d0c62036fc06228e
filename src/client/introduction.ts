import { SECOND_MS } from "../domain/units.ts";
import { type HostAnswer, HostAnswerSchema } from "../protocol/api.ts";
import { MalformedTokenError } from "../protocol/malformed-token.ts";
import { checker } from "../protocol/schemas.ts";
import type { HostAddress } from "./host-address.ts";
import type { Transport } from "./transport.ts";

/** What a host says of itself. Nothing of it is verified. */
export type Introduction =
  | {
      readonly host: string;
      readonly timeMs: number;
      readonly products: readonly {
        readonly id: string;
        readonly count: number;
        readonly threshold: number;
        readonly activating: boolean;
      }[];
    }
  | { readonly fault: string };

const checkAnswer = checker(HostAnswerSchema, "answer");
const THUMBPRINT = /^[\w-]{43}$/;
const STATUS_OK = 200;

/** Asks a host who it is (`GET /v1/host`). */
export async function introduce(address: HostAddress, transport: Transport): Promise<Introduction> {
  const answer = await askHost(address, transport);
  if ("fault" in answer) return { fault: answer.fault };
  const { host, time, products } = answer;
  const brief = products.map(({ id, count, threshold, activating }) => {
    return { id, count, threshold, activating };
  });
  return { host, timeMs: time * SECOND_MS, products: brief };
}

/** Why a host did not introduce itself, in a clause, and whether anything answered at all. */
export interface NoIntroduction {
  readonly fault: string;
  readonly silent: boolean;
}

/** The same with all that the host says. */
export async function askHost(
  address: HostAddress,
  transport: Transport,
): Promise<HostAnswer | NoIntroduction> {
  const exchange = await transport(address, { method: "GET", path: "/v1/host" });
  if ("reason" in exchange) {
    const { reason, message } = exchange;
    return { fault: message, silent: reason === "unreachable" || reason === "timeout" };
  }
  const { status, body } = exchange;
  if (status !== STATUS_OK) return { fault: `it answers with status ${status}`, silent: false };
  try {
    const answer = checkAnswer(JSON.parse(body));
    return THUMBPRINT.test(answer.host) ? answer : NO_HOST;
  } catch (error) {
    if (!(error instanceof MalformedTokenError || error instanceof SyntaxError)) throw error;
    return NO_HOST;
  }
}

const NO_HOST: NoIntroduction = {
  fault: "what answers there is not a KMS host of this kind",
  silent: false,
};
