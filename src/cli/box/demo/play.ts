import { setTimeout as sleep } from "node:timers/promises";
import type { HostReply } from "../../../client/host-reply.ts";
import { KmsError } from "../../../domain/errors.ts";
import { NodeEd25519Signer } from "../../../platform/ed25519.ts";
import type { DemoTask } from "./demo-client.ts";
import type { DemoIdentity } from "./demo-clients.ts";
import { loopbackAddress } from "./source-address.ts";
import type { Stage } from "./stage.ts";

/** One client's answer, and the count that it made known. */
export interface DemoStep {
  readonly hostname: string;
  readonly reply: HostReply;
  readonly count: number;
  readonly threshold: number;
}

export interface DemoOptions {
  readonly pauseMs: number;
  ask(task: DemoTask): Promise<HostReply>;
  /** Called after each answer. */
  onStep(step: DemoStep): void;
  /** Called before the clients that were not activated ask again. */
  onAskAgain(clients: number): void;
}

/** The box can serve none of the clients; going on would show the same again and again. */
export class DemoRefusedError extends KmsError {
  readonly code = "demo-refused";
}

/** No believable answer came. */
export class DemoFailedError extends KmsError {
  readonly code = "demo-failed";
}

/** Refusals that concern one source address; the next client may fare better. */
const OF_ONE_SOURCE = ["too-many-new-clients", "rate-limited"];

/**
 * Lets every client ask once; if the count then reaches the threshold, those that were only counted
 * ask again, as they would by themselves after the retry interval.
 *
 * @returns the last answer of each client, in the order of the clients
 * @throws {DemoRefusedError} @throws {DemoFailedError}
 */
export async function play(
  stage: Stage,
  clients: readonly DemoIdentity[],
  options: DemoOptions,
): Promise<DemoStep[]> {
  const steps: DemoStep[] = [];
  const places = clients.map((_, index) => index);
  let { count } = stage.product;
  const askAll = async (indexes: readonly number[]) => {
    for (const [turn, index] of indexes.entries()) {
      if (turn > 0) await sleep(options.pauseMs);
      const identity = clients[index];
      if (!identity) continue;
      const step = await askOne(stage, identity, index, count, options);
      count = step.count;
      steps[index] = step;
      options.onStep(step);
    }
  };
  await askAll(places);
  const waiting = places.filter((index) => steps[index]?.reply.kind === "below-threshold");
  if (count >= stage.product.threshold && waiting.length > 0) {
    options.onAskAgain(waiting.length);
    await askAll(waiting);
  }
  return steps;
}

async function askOne(
  stage: Stage,
  identity: DemoIdentity,
  index: number,
  countBefore: number,
  options: DemoOptions,
): Promise<DemoStep> {
  const { product, host, vendorThumbprint, manyAddresses, leaseEndsMs } = stage;
  const { cmid } = new NodeEd25519Signer(identity.key);
  const reply = await options.ask({
    identity,
    product: product.id,
    host,
    localAddress: manyAddresses ? loopbackAddress(index) : null,
    vendorThumbprint,
    activatedUntilMs: leaseEndsMs.get(cmid) ?? null,
  });
  const { hostname } = identity;
  const { threshold } = product;
  switch (reply.kind) {
    case "activated":
      return { hostname, reply, count: reply.lease.count, threshold };
    case "below-threshold":
      return { hostname, reply, count: reply.count, threshold };
    case "failed":
      if (OF_ONE_SOURCE.includes(reply.code))
        return { hostname, reply, count: countBefore, threshold };
      throw reply.reason === "refused"
        ? new DemoRefusedError(`The box refuses ${hostname}: ${reply.message}`)
        : new DemoFailedError(`${hostname} got no answer that it can trust: ${reply.message}.`);
  }
}
