import type { OpenBox } from "./compose-box.ts";
import { policyOf } from "./config/config.ts";
import type { Config } from "./config/schema.ts";
import { NodeEd25519Verifier, sha256 } from "./platform/ed25519.ts";
import type { Clock } from "./ports/clock.ts";
import { ActivationService, type ContactWitness } from "./services/activation.ts";
import { ActivationEvents } from "./services/activation-events.ts";
import type { ActivationTally } from "./services/activation-tally.ts";
import type { SourceLimits } from "./services/source-limits.ts";

export interface ActivationWiring {
  readonly clock: Clock;
  readonly limits: SourceLimits;
  readonly tally: ActivationTally;
  readonly witness: ContactWitness;
}

/** What answers activation requests. */
export function composeActivation(
  config: Config,
  box: OpenBox,
  { clock, ...parts }: ActivationWiring,
): ActivationService {
  return new ActivationService({
    ...box,
    ...parts,
    policy: policyOf(config),
    verifier: new NodeEd25519Verifier(),
    sha256,
    events: new ActivationEvents(box.events, box.licences, clock),
  });
}
