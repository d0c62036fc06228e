import { QuotaLimit, RateLimit } from "../domain/rate-limit.ts";
import { clientNetwork } from "../domain/source-address.ts";
import { DAY_MS, SECOND_MS } from "../domain/units.ts";

export interface SourceLimitOptions {
  readonly requestsPerMinute: number;
  readonly burst: number;
  readonly newClientsPerDay: number;
  /** Whether an address is in one of the configured networks that no limit applies to. */
  readonly isExempt: (address: string) => boolean;
}

/** What one source address may do. Times are monotonic. */
export class SourceLimits {
  readonly #requests: RateLimit;
  readonly #newClients: QuotaLimit;
  readonly #isExempt: (address: string) => boolean;

  constructor(options: SourceLimitOptions) {
    this.#requests = new RateLimit(options.requestsPerMinute, options.burst);
    this.#newClients = new QuotaLimit(options.newClientsPerDay, DAY_MS);
    this.#isExempt = options.isExempt;
  }

  /** Seconds to wait before the next request, 0 if this one is allowed. */
  takeRequest(address: string, nowMs: number): number {
    if (this.#isExempt(address)) return 0;
    return Math.ceil(this.#requests.take(address, nowMs) / SECOND_MS);
  }

  /** Seconds to wait before another new client, 0 if this one is allowed. */
  takeNewClient(address: string, nowMs: number): number {
    if (this.#isExempt(address)) return 0;
    return Math.ceil(this.#newClients.take(clientNetwork(address), nowMs) / SECOND_MS);
  }

  /** The new client was not counted after all. */
  giveBackNewClient(address: string): void {
    this.#newClients.giveBack(clientNetwork(address));
  }
}
