import type { Decision } from "../../domain/activation.ts";
import type { RequestClaims } from "../../domain/claims.ts";
import {
  type ClientEffect,
  type ClientEvent,
  type ClientState,
  remainingMinutes,
  standingAt,
  stepClient,
  UNINSTALLED,
} from "../../domain/client-state.ts";
import { cmidFromDigest } from "../../domain/cmid.ts";
import type { Policy } from "../../domain/policy.ts";
import type { LicenceStatus } from "../../domain/status.ts";
import { SECOND_MS } from "../../domain/units.ts";

const DIGEST_BYTES = 32;
const FINGERPRINT_LENGTH = 43;
const JTI_LENGTH = 22;

/** A machine without network and keys: the real client state machine, and what it would send. */
export class SimulatedClient {
  readonly cmid: string;
  readonly #device: RequestClaims["device"];
  readonly #policy: Policy;
  readonly #random: () => number;
  #state: ClientState = UNINSTALLED;
  #readMs: number | undefined;
  #requests = 0;
  #running = true;

  constructor(number: number, policy: Policy, random: () => number) {
    this.#policy = policy;
    this.#random = random;
    this.cmid = cmidFromDigest(
      Uint8Array.from({ length: DIGEST_BYTES }, () => Math.floor(random() * 256)),
    );
    this.#device = {
      hostname: `pc-${String(number).padStart(5, "0")}`,
      fingerprint: String(number).padStart(FINGERPRINT_LENGTH, "A"),
      agent: "simulated-client",
    };
  }

  get running(): boolean {
    return this.#running;
  }

  /** Whether its last attempt did not activate it. */
  get retrying(): boolean {
    return this.#state.kind === "installed" && this.#state.schedule.failures > 0;
  }

  statusAt(nowMs: number): LicenceStatus {
    return standingAt(this.#state, nowMs, this.#policy).status;
  }

  switchOff(): void {
    this.#running = false;
  }

  install(nowMs: number): readonly ClientEffect[] {
    return this.#step({ type: "installed", at: this.#instant(nowMs) });
  }

  wake(nowMs: number): readonly ClientEffect[] {
    return this.#step({ type: "tick", at: this.#instant(nowMs) });
  }

  request(product: string, nowMs: number): RequestClaims {
    const standing = standingAt(this.#state, nowMs, this.#policy);
    return {
      sub: this.cmid,
      aud: "kms-host",
      product,
      iat: Math.floor(nowMs / SECOND_MS),
      jti: String(++this.#requests).padStart(JTI_LENGTH, "A"),
      device: this.#device,
      status: standing.status,
      remainingMinutes: remainingMinutes(standing, nowMs),
    };
  }

  receive(decision: Decision, nowMs: number): readonly ClientEffect[] {
    const at = this.#instant(nowMs);
    const random = this.#random();
    const { renewalIntervalMs, retryIntervalMs } = this.#policy;
    if (!decision.activated) {
      const { count, threshold } = decision;
      return this.#step({ type: "attempt-refused", at, random, count, threshold, retryIntervalMs });
    }
    const issuedMs = Math.floor(nowMs / SECOND_MS) * SECOND_MS;
    const lease = { issuedMs, expiresMs: decision.record.leaseExpiresMs };
    return this.#step({
      type: "attempt-succeeded",
      at,
      random,
      lease,
      renewalIntervalMs,
      retryIntervalMs,
    });
  }

  #instant(nowMs: number): { wallMs: number; elapsedMs: number } {
    const elapsedMs = nowMs - (this.#readMs ?? nowMs);
    this.#readMs = nowMs;
    return { wallMs: nowMs, elapsedMs };
  }

  #step(event: ClientEvent): readonly ClientEffect[] {
    const { state, effects } = stepClient(this.#state, event, this.#policy);
    this.#state = state;
    return effects;
  }
}
