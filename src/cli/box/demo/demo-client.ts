import { attemptActivation } from "../../../client/attempt.ts";
import { findersFor } from "../../../client/finders.ts";
import type { HostAddress } from "../../../client/host-address.ts";
import type { HostReply } from "../../../client/host-reply.ts";
import { SYSTEM } from "../../../client/system.ts";
import { httpTransport } from "../../../client/transport.ts";
import type { Standing } from "../../../domain/client-state.ts";
import { DEFAULT_POLICY } from "../../../domain/policy.ts";
import { NodeEd25519Signer, sha256 } from "../../../platform/ed25519.ts";
import { encodeBase64url } from "../../../protocol/base64url.ts";
import { VERSION } from "../../../version.ts";
import type { DemoIdentity } from "./demo-clients.ts";

/** Everything that one request takes; plain data, so that another process can be told. */
export interface DemoTask {
  readonly identity: DemoIdentity;
  readonly product: string;
  readonly host: HostAddress;
  /** Address to ask from, as another machine would; null for the system's choice. */
  readonly localAddress: string | null;
  /** Thumbprint of the vendor key that the client trusts. */
  readonly vendorThumbprint: string;
  /** End of the client's lease; null if it was never activated. */
  readonly activatedUntilMs: number | null;
}

/** Asks once, the way the agent on a machine does: its own key, connection and check of the answer. */
export async function askHost(task: DemoTask): Promise<HostReply> {
  const { identity, product, host, localAddress, vendorThumbprint } = task;
  const signer = new NodeEd25519Signer(identity.key);
  const timeMs = SYSTEM.clock.nowMs();
  const { reply } = await attemptActivation({
    system: { ...SYSTEM, hostname: identity.hostname },
    policy: DEFAULT_POLICY,
    identity: { signer, fingerprint: fingerprintOf(signer), onOtherMachine: false },
    agent: `kms-box-demo/${VERSION}`,
    product,
    vendorThumbprint,
    standing: standingOf(task, timeMs),
    timeMs,
    finders: findersFor({
      configured: host,
      cached: null,
      mdns: false,
      random: () => SYSTEM.random(),
    }),
    seen: { generations: {} },
    transport: httpTransport(localAddress === null ? {} : { localAddress }),
  });
  return reply;
}

/** Stands for a machine that is not there: as lasting as the key, and no other client's. */
function fingerprintOf({ cmid }: NodeEd25519Signer): string {
  return encodeBase64url(sha256(Buffer.from(`demonstration ${cmid}`, "utf8")));
}

function standingOf({ activatedUntilMs }: DemoTask, timeMs: number): Standing {
  return activatedUntilMs !== null && activatedUntilMs > timeMs
    ? { status: "licensed", endsMs: activatedUntilMs }
    : { status: "initial-grace", endsMs: timeMs + DEFAULT_POLICY.initialGraceMs };
}
