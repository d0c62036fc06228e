import { type HostPlace, type Meeting, meetingOf } from "../../domain/doctor/dns-facts.ts";
import { FIRST_GENERATION } from "../../domain/generation.ts";
import { SECOND_MS } from "../../domain/units.ts";
import { askByHttp } from "../../platform/http-question.ts";
import type { HostMeeter, NameLookup } from "../../ports/doctor.ts";
import { HostAnswerSchema } from "../../protocol/api.ts";
import { MalformedTokenError } from "../../protocol/malformed-token.ts";
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
  EADDRNOTAVAIL: "there is no such address or port",
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
  const path = "/v1/host";
  const limits = { timeoutMs: ANSWER_WITHIN_MS, mostBytes: MOST_BYTES };
  const outcome = await askByHttp({ host, port, method: "GET", path, ...limits });
  switch (outcome.kind) {
    case "answer":
      return outcome.status === 200 ? introduction(outcome.body) : STRANGER;
    case "too-large":
    case "not-http":
      return STRANGER;
    case "timeout":
      return { kind: "silent", why: `it does not answer within ${ANSWER_WITHIN_MS / SECOND_MS} s` };
    case "unreachable":
      return {
        kind: "silent",
        why: FAULTS[outcome.code] ?? `the connection fails (${outcome.code})`,
      };
  }
}

/** Something that speaks, but not as a host does, is no host of this kind. */
function introduction(body: string): Meeting {
  try {
    const { host, time, generation = FIRST_GENERATION } = checkAnswer(JSON.parse(body));
    if (!THUMBPRINT.test(host)) return STRANGER;
    return { kind: "host", thumbprint: host, timeMs: time * SECOND_MS, generation };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof MalformedTokenError) return STRANGER;
    throw error;
  }
}
