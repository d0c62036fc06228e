import { randomBytes } from "node:crypto";
import { hostname, uptime } from "node:os";
import { SECOND_MS } from "../domain/units.ts";
import type { Clock } from "../ports/clock.ts";
import type { RandomBytes } from "../ports/keys.ts";
import { type MachineIdentifiers, readMachineIdentifiers } from "./machine.ts";

/** What the client needs of the machine it runs on; tests give their own. */
export interface ClientSystem {
  readonly clock: Clock;
  /** In [0, 1). */
  random(): number;
  readonly randomBytes: RandomBytes;
  readonly hostname: string;
  identifiers(): Promise<MachineIdentifiers>;
}

/**
 * The system's clocks. The monotonic one counts from the machine's start and through its sleep, and
 * is the same for all processes, so that a later process can tell how long ago a state was written.
 */
export class UptimeClock implements Clock {
  nowMs(): number {
    return Date.now();
  }

  monotonicMs(): number {
    return Math.round(uptime() * SECOND_MS);
  }
}

export const SYSTEM: ClientSystem = Object.freeze({
  clock: new UptimeClock(),
  random: Math.random,
  randomBytes,
  hostname: hostname().slice(0, 255) || "unnamed",
  identifiers: () => readMachineIdentifiers(),
});
