import type { RequestClaims } from "../domain/claims.ts";
import { remainingMinutes, type Standing } from "../domain/client-state.ts";
import type { Policy } from "../domain/policy.ts";
import { SECOND_MS } from "../domain/units.ts";
import { encodeBase64url } from "../protocol/base64url.ts";
import { makeRequest } from "../protocol/request.ts";
import { TOKEN_CRYPTO } from "./crypto.ts";
import { findHosts } from "./finders.ts";
import type { HostFinder } from "./finding.ts";
import type { SeenGenerations } from "./generations.ts";
import { formatHostAddress } from "./host-address.ts";
import { type FailedReply, type HostReply, readReply } from "./host-reply.ts";
import type { ClientIdentity } from "./identity.ts";
import type { FoundHost } from "./shapes.ts";
import type { ClientSystem } from "./system.ts";
import type { Transport } from "./transport.ts";

/** What an attempt works with. */
export interface AttemptContext {
  readonly system: ClientSystem;
  readonly policy: Policy;
  readonly identity: ClientIdentity;
  /** Name and version of the program, for the host's list of clients. */
  readonly agent: string;
  readonly product: string;
  /** Thumbprint of the pinned vendor key. */
  readonly vendorThumbprint: string;
  readonly standing: Standing;
  /** The client's time, which `standing` is of. */
  readonly timeMs: number;
  readonly finders: readonly HostFinder[];
  readonly transport: Transport;
  /** What is known of the generations of hosts. */
  readonly seen: SeenGenerations;
  readonly signal?: AbortSignal;
}

export interface AttemptOutcome {
  readonly reply: HostReply;
  /** The host that gave the reply; absent if none was found. */
  readonly host?: FoundHost;
}

const NONCE_BYTES = 24;
/** Which failure to report of several: what came nearest to an activation tells most. */
const TELLING = ["refused", "not-trusted", "host-unreachable", "host-not-found"];

/**
 * Asks the hosts found, in order, until one activates or counts this client. Any other answer, also
 * one that is not believed, leads to the next: hosts of other makers may share the name in DNS.
 */
export async function attemptActivation(context: AttemptContext): Promise<AttemptOutcome> {
  const { hosts, whyNot } = await findHosts(context.finders, context.signal);
  // What was found in a look-up that was broken off is no answer to keep.
  context.signal?.throwIfAborted();
  const failures: { reply: FailedReply; host: FoundHost }[] = [];
  for (const host of hosts) {
    const reply = await ask(host, context);
    if (reply.kind !== "failed") return { reply, host };
    failures.push({ reply, host });
  }
  return worstOf(failures) ?? { reply: notFound(whyNot) };
}

async function ask(host: FoundHost, context: AttemptContext): Promise<HostReply> {
  const { system, identity, transport, product, signal } = context;
  const { cmid, thumbprint, publicJwk } = identity.signer;
  const nonce = encodeBase64url(system.randomBytes(NONCE_BYTES));
  const body = await makeRequest(requestClaims(context, nonce), publicJwk, (data) =>
    identity.signer.sign(data),
  );
  const exchange = await transport(host, {
    method: "POST",
    path: "/v1/activations",
    body,
    contentType: "application/jose",
    ...(signal && { signal }),
  });
  const { vendorThumbprint, policy, seen } = context;
  const { generations } = seen;
  const clientThumbprint = thumbprint;
  const expected = { vendorThumbprint, cmid, clientThumbprint, product, nonce, generations };
  return readReply(exchange, expected, TOKEN_CRYPTO, system.clock.nowMs(), policy);
}

function requestClaims(context: AttemptContext, nonce: string): RequestClaims {
  const { system, identity, standing } = context;
  return {
    sub: identity.signer.cmid,
    aud: "kms-host",
    product: context.product,
    // The wall clock, not the client's own time: that is what a host compares with its clock.
    iat: Math.floor(system.clock.nowMs() / SECOND_MS),
    jti: nonce,
    device: {
      hostname: system.hostname,
      fingerprint: identity.fingerprint,
      agent: context.agent,
    },
    status: standing.status,
    remainingMinutes: remainingMinutes(standing, context.timeMs),
    ...(context.seen.proof !== undefined && { lastLease: context.seen.proof }),
  };
}

function worstOf(
  failures: readonly { reply: FailedReply; host: FoundHost }[],
): AttemptOutcome | undefined {
  const rank = ({ reply }: { reply: FailedReply }) => TELLING.indexOf(reply.reason);
  const [first] = failures.toSorted((a, b) => rank(a) - rank(b));
  if (!first || failures.length === 1) return first;
  const message = failures
    .map(({ reply, host }) => `${formatHostAddress(host)}: ${reply.message.replace(/\.$/, "")}`)
    .join("; ");
  return { host: first.host, reply: { ...first.reply, message } };
}

function notFound(whyNot: string): FailedReply {
  return { kind: "failed", reason: "host-not-found", code: "host-not-found", message: whyNot };
}
