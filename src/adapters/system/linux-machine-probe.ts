import { uptime } from "node:os";
import { SECOND_MS } from "../../domain/units.ts";
import type { MachineFacts, MachineProbe } from "../../ports/health.ts";
import type { Machine } from "../../ports/machine.ts";
import { lowVoltage } from "./linux-power.ts";
import { linuxStorage } from "./linux-storage.ts";

/** How this machine is, as far as Linux tells. */
export class LinuxMachineProbe implements MachineProbe {
  readonly #folder: string;
  readonly #machine: Pick<Machine, "temperatureCelsius" | "freeBytes">;

  constructor(folder: string, machine: Pick<Machine, "temperatureCelsius" | "freeBytes">) {
    this.#folder = folder;
    this.#machine = machine;
  }

  async look(): Promise<MachineFacts> {
    return {
      storage: linuxStorage({ folder: this.#folder }),
      lowVoltage: await lowVoltage(),
      temperatureCelsius: this.#machine.temperatureCelsius(),
      freeBytes: this.#machine.freeBytes(),
      uptimeMs: uptime() * SECOND_MS,
    };
  }
}
