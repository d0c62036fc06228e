import type { MachineFacts, MachineProbe } from "../../src/ports/health.ts";
import { HealthService } from "../../src/services/health/health-service.ts";
import { FakeTimers } from "./fake-clock.ts";
import type { TestHost } from "./host.ts";

/** A Raspberry Pi that is well, an hour after its start. */
export const WELL: MachineFacts = {
  storage: {
    device: "mmcblk0",
    fileSystem: "mmcblk0p2",
    sinceBootBytes: 50e6,
    lifetimeBytes: 4e9,
    errors: 0,
    readOnly: false,
  },
  lowVoltage: false,
  temperatureCelsius: 48.3,
  freeBytes: 20e9,
  uptimeMs: 3_600_000,
};

/** A machine that is as a test says. */
export class FakeProbe implements MachineProbe {
  facts = WELL;

  async look(): Promise<MachineFacts> {
    return this.facts;
  }
}

/** What looks after the machine of a test's host. */
export function healthOf(
  { store, hostClock, events }: TestHost,
  probe: MachineProbe = new FakeProbe(),
  options: { timers?: FakeTimers; lastStart?: string; enduranceTerabytes?: number } = {},
): HealthService {
  return new HealthService({
    probe,
    store,
    clock: hostClock,
    events,
    timers: new FakeTimers(),
    lastStart: "machine restart",
    enduranceTerabytes: 0,
    ...options,
  });
}
