import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { type HostPlace, type Meeting, meetingOf } from "../../domain/doctor/dns-facts.ts";
import { SECOND_MS } from "../../domain/units.ts";
import type { HostMeeter, NameLookup } from "../../ports/doctor.ts";
import { HostAnswerSchema } from "../../protocol/api.ts";
import { MalformedTokenError } from "../../protocol/jws.ts";
import { checker } from "../../protocol/schemas.ts";

const ANSWER_WITHIN_MS = 3000;
const MOST_BYTES = 256 * 1024;
const THUMBPRINT = /^[\w-]{43}$/;
const STRANGER: Meeting = { kind: "stranger" };

const checkAnswer = checker(HostAnswerSchema, "answer");

const FAULTS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ECONNRESET: "it closes the connection without an answer",
  EHOSTUNREACH: "no machine answers there",
  ENETUNREACH: "there is no route to its network",
  ETIMEDOUT: "no machine answers there",
  ABORT_ERR: `it does not answer within ${ANSWER_WITHIN_MS / SECOND_MS} s`,
};

/** Asks by HTTP, at the target's addresses in turn. */
export class HttpHostMeeter implements HostMeeter {
  readonly #names: NameLookup;

  constructor(names: NameLookup) {
    this.#names = names;
  }

  async meet({ target, port }: HostPlace, server?: string): Promise<Meeting> {
    const addresses = await this.#names.addressesOf(target, server);
    const meetings = await Promise.all(addresses.map((address) => meetAt(address, port)));
    return meetingOf(meetings);
  }
}

async function meetAt(host: string, port: number): Promise<Meeting> {
  try {
    const outgoing = request({
      host,
      port,
      path: "/v1/host",
      agent: false,
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    outgoing.end();
    const [incoming] = (await once(outgoing, "response")) as [IncomingMessage];
    const body = await readSome(incoming);
    outgoing.destroy();
    return incoming.statusCode === 200 ? introduction(body) : STRANGER;
  } catch (error) {
    return faultOf(error);
  }
}

/** @returns an empty text where there is too much */
async function readSome(incoming: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of incoming) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) return "";
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function introduction(body: string): Meeting {
  const { host, time } = checkAnswer(JSON.parse(body));
  if (!THUMBPRINT.test(host)) return STRANGER;
  return { kind: "host", thumbprint: host, timeMs: time * SECOND_MS };
}

/** Something that speaks, but not HTTP or not as a host does, is no host of this kind. */
function faultOf(error: unknown): Meeting {
  if (error instanceof SyntaxError || error instanceof MalformedTokenError) return STRANGER;
  const { code = "failed" } = error as NodeJS.ErrnoException;
  if (code.startsWith("HPE_")) return STRANGER;
  return { kind: "silent", why: FAULTS[code] ?? `the connection fails (${code})` };
}
