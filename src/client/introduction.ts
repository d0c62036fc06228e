import { SECOND_MS } from "../domain/units.ts";
import { HostAnswerSchema } from "../protocol/api.ts";
import { MalformedTokenError } from "../protocol/jws.ts";
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
  const exchange = await transport(address, { method: "GET", path: "/v1/host" });
  if ("reason" in exchange) return { fault: exchange.message };
  if (exchange.status !== STATUS_OK) return { fault: `it answers with status ${exchange.status}` };
  try {
    const { host, time, products } = checkAnswer(JSON.parse(exchange.body));
    if (!THUMBPRINT.test(host)) return { fault: NOT_A_HOST };
    const brief = products.map(({ id, count, threshold, activating }) => {
      return { id, count, threshold, activating };
    });
    return { host, timeMs: time * SECOND_MS, products: brief };
  } catch (error) {
    if (!(error instanceof MalformedTokenError || error instanceof SyntaxError)) throw error;
    return { fault: NOT_A_HOST };
  }
}

const NOT_A_HOST = "what answers there is not a KMS host of this kind";
