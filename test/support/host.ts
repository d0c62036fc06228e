import type { LicenceClaims, LicensedProduct, RequestClaims } from "../../src/domain/claims.ts";
import { DEFAULT_POLICY, type Policy } from "../../src/domain/policy.ts";
import type { NodeEd25519Signer } from "../../src/platform/ed25519.ts";
import { sha256 } from "../../src/platform/ed25519.ts";
import type { CmidStore } from "../../src/ports/store.ts";
import { makeLicence } from "../../src/protocol/licence.ts";
import { makeRequest } from "../../src/protocol/request.ts";
import { ActivationService } from "../../src/services/activation.ts";
import { ActivationEvents } from "../../src/services/activation-events.ts";
import { ActivationTally } from "../../src/services/activation-tally.ts";
import { ClockDesk } from "../../src/services/clock-desk.ts";
import { Generation } from "../../src/services/generation.ts";
import { HostClock } from "../../src/services/host-clock.ts";
import { HostReport } from "../../src/services/host-report.ts";
import { LicenceService } from "../../src/services/licences.ts";
import { SourceLimits } from "../../src/services/source-limits.ts";
import { FakeClock } from "./fake-clock.ts";
import { CountingVerifier, signerOf } from "./keys.ts";
import { MemoryStore } from "./memory-store.ts";
import { RecordedEvents } from "./recorded-events.ts";

export const HOUR_SEC = 3600;
export const DAY_SEC = 24 * HOUR_SEC;
export const WRITER: LicensedProduct = {
  id: "writer",
  name: "Writer",
  application: "office",
  threshold: 2,
};
export const SERVER: LicensedProduct = {
  id: "server",
  name: "Server",
  application: "os",
  threshold: 1,
};

export interface HostOptions {
  readonly policy?: Partial<Policy>;
  readonly products?: readonly LicensedProduct[];
  readonly requestsPerMinute?: number;
  readonly burst?: number;
  readonly newClientsPerDay?: number;
  readonly isExempt?: (address: string) => boolean;
  /** Without it the host has no licence. */
  readonly licensed?: boolean;
}

/** The heart of a host on fakes for time and flash; keys and signatures are real. */
export class TestHost<S extends CmidStore = MemoryStore> {
  readonly clock = new FakeClock();
  readonly events = new RecordedEvents();
  readonly verifier = new CountingVerifier();
  readonly signer: NodeEd25519Signer;
  readonly store: S;
  readonly policy: Policy;
  readonly hostClock: HostClock;
  /** Sets the fake clock. */
  readonly clockDesk: ClockDesk;
  readonly licences: LicenceService;
  readonly limits: SourceLimits;
  readonly generation: Generation;
  readonly tally = new ActivationTally();
  readonly activation: ActivationService;
  readonly report: HostReport;
  #jti = 0;

  constructor(store: S, options: HostOptions = {}, signer = signerOf("host")) {
    this.store = store;
    this.signer = signer;
    this.policy = { ...DEFAULT_POLICY, ...options.policy };
    const { verifier, events, clock } = this;
    this.hostClock = new HostClock({ clock, sources: clock, store, events, bootId: "boot-1" });
    const setter = {
      set: async (timeMs: number) => {
        clock.wallMs = timeMs;
      },
    };
    this.clockDesk = new ClockDesk({ clock: this.hostClock, store, setter, events });
    this.licences = new LicenceService({ store, signer, verifier, sha256, events });
    this.limits = new SourceLimits({
      requestsPerMinute: options.requestsPerMinute ?? 100_000,
      burst: options.burst ?? 100_000,
      newClientsPerDay: options.newClientsPerDay ?? 100_000,
      isExempt: options.isExempt ?? (() => false),
    });
    this.generation = new Generation({ store, signer, verifier, events });
    const { generation } = this;
    this.activation = new ActivationService({
      store,
      policy: this.policy,
      clock: this.hostClock,
      licences: this.licences,
      limits: this.limits,
      signer,
      verifier,
      sha256,
      events: new ActivationEvents(events, this.licences, this.clock),
      tally: this.tally,
      generation,
    });
    this.report = new HostReport({
      store,
      clock: this.hostClock,
      licences: this.licences,
      signer,
      generation,
    });
  }

  /** Installs a licence; what that cost or told is forgotten. */
  async grant(vendor: NodeEd25519Signer, claims: Partial<LicenceClaims> = {}): Promise<string> {
    const token = await licenceOf(vendor, this, claims);
    await this.licences.install(token, { nowMs: this.clock.nowMs(), addVendor: true });
    this.verifier.calls = 0;
    this.events.all.length = 0;
    return token;
  }

  /** A request as the client would make it now; any claim can be given. */
  claims(client: NodeEd25519Signer, given: Partial<RequestClaims> = {}): RequestClaims {
    this.#jti++;
    return {
      sub: client.cmid,
      aud: "kms-host",
      product: WRITER.id,
      iat: Math.floor(this.clock.nowMs() / 1000),
      jti: `${this.#jti}`.padStart(22, "j"),
      device: { hostname: "pc-1", fingerprint: "f".repeat(43), agent: "kms-client/1.0" },
      status: "initial-grace",
      remainingMinutes: 43_200,
      ...given,
    };
  }

  request(client: NodeEd25519Signer, given: Partial<RequestClaims> = {}): Promise<string> {
    return makeRequest(this.claims(client, given), client.publicJwk, (data) => client.sign(data));
  }
}

/** A host on a memory store with a licence for `WRITER` and `SERVER`. */
export async function testHost(options: HostOptions = {}): Promise<TestHost> {
  const host = new TestHost(new MemoryStore(), options);
  if (options.licensed !== false) {
    await host.grant(signerOf("vendor"), { products: options.products ?? [WRITER, SERVER] });
  }
  return host;
}

/** A licence of a vendor for a host, valid for a year from the host's now. */
export function licenceOf(
  vendor: NodeEd25519Signer,
  { signer, clock }: Pick<TestHost, "signer" | "clock">,
  claims: Partial<LicenceClaims> = {},
): Promise<string> {
  const nowSec = Math.floor(clock.nowMs() / 1000);
  return makeLicence(
    {
      iss: "Example Vendor",
      sub: signer.thumbprint,
      cnf: { jwk: signer.publicJwk },
      products: [WRITER, SERVER],
      iat: nowSec,
      nbf: nowSec,
      exp: nowSec + 365 * DAY_SEC,
      jti: "L".repeat(22),
      ...claims,
    },
    vendor,
    (data) => vendor.sign(data),
  );
}
