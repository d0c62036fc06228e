import type { LoggedEvent } from "../../src/domain/events.ts";
import { sha256 } from "../../src/platform/ed25519.ts";
import { ActivationService } from "../../src/services/activation.ts";
import { ActivationEvents } from "../../src/services/activation-events.ts";
import { FleetMemory } from "../../src/services/insight/fleet-memory.ts";
import { InsightService } from "../../src/services/insight/insight-service.ts";
import { FakeTimers, settled } from "./fake-clock.ts";
import { type HostOptions, testHost } from "./host.ts";
import { signerOf } from "./keys.ts";

/** A host that looks ahead; `writer` has the threshold 2, `server` 1, unless told otherwise. */
export async function insightRig(options: HostOptions = {}) {
  const host = await testHost(options);
  const { store, policy, clock, events, licences, limits, signer, verifier, generation } = host;
  const memory = new FleetMemory({ store, policy, clock });
  const activation = new ActivationService({
    ...{ store, policy, licences, limits, signer, verifier, generation, sha256 },
    tally: host.tally,
    clock: host.hostClock,
    events: new ActivationEvents(events, licences, clock),
    witness: memory,
  });
  const timers = new FakeTimers();
  const recent: LoggedEvent[] = [];
  const insight = new InsightService({
    ...{ store, policy, licences, events, memory, timers },
    clock: host.hostClock,
    stopwatch: clock,
    recentEvents: () => recent,
  });

  /** The machines of these names ask, each with a key of its own unless they share one. */
  async function ask(name: string, given: { fingerprint?: string; key?: string } = {}) {
    const { fingerprint = "f".repeat(43), key = name } = given;
    const signer = signerOf(key);
    const device = { hostname: name, fingerprint, agent: "kms-client/1.0" };
    const request = await host.request(signer, { device });
    clock.pass(1000);
    await activation.activate(request, "192.0.2.1").catch(() => undefined);
    return signer.cmid;
  }

  /** Lets a look ahead, or a question, come to its end. */
  async function look(): Promise<void> {
    await timers.fire();
    await settled();
  }
  return {
    host,
    store,
    policy,
    clock,
    events,
    memory,
    activation,
    timers,
    recent,
    insight,
    ask,
    look,
  };
}

export type InsightRig = Awaited<ReturnType<typeof insightRig>>;
