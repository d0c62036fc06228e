import { readFileSync } from "node:fs";
import type { Supervision } from "./adapters/system/systemd-manager.ts";
import type { TerminalPanel } from "./adapters/terminal/terminal-panel.ts";
import { type Service, startService } from "./compose.ts";
import { createLog } from "./compose-log.ts";
import type { LoadedConfig } from "./config/load.ts";
import { VERSION } from "./version.ts";

/** How long a stop may take before the process ends without it. */
const LONGEST_STOP_MS = 4500;

export interface DaemonOptions {
  /** Makes a demonstration vendor and product if no licence is installed. */
  readonly demo: boolean;
  /** Reads the configuration anew, as the next start will. */
  readonly load: () => LoadedConfig;
  /** What systemd gave, if it runs this. */
  readonly supervision?: Supervision | undefined;
  /** Sockets that systemd has opened, by their names. */
  readonly sockets?: ReadonlyMap<string, number>;
  /** Called once the host serves. */
  readonly onReady?: (service: Service) => void;
  /** Where the front panel is drawn, and log lines for a person go by above it. */
  readonly terminal?: TerminalPanel | undefined;
  /** What kept it from starting, in words for a person. */
  readonly faultOf?: (error: unknown) => unknown;
}

/** Exit status that asks whoever runs the host to start it again (`EX_TEMPFAIL` of sysexits.h). */
export const RESTART_STATUS = 75;

/**
 * Runs the host until SIGINT or SIGTERM, or until somebody asks it to start again.
 *
 * @returns the exit status: 0 after an orderly stop, 1 after one that had to be cut short, 75 after an
 *   orderly stop that a restart or a factory reset asked for, or a shutdown of the machine, in case it
 *   is called off
 */
export async function runDaemon(loaded: LoadedConfig, options: DaemonOptions): Promise<number> {
  const { config } = loaded;
  // Heard from the beginning: a stop that comes while it starts must be as orderly as any other.
  const stopSignal = new StopSignal();
  const { logger, flush } = createLog(config, options.terminal);
  try {
    const { load } = options;
    const service = await startService(config, logger, { ...options, loading: { loaded, load } });
    return await runService(service, config, options, stopSignal);
  } finally {
    stopSignal.forget();
    flush();
  }
}

async function runService(
  service: Service,
  { data }: { readonly data: string },
  options: DaemonOptions,
  stopSignal: StopSignal,
): Promise<number> {
  const { endings } = service;
  const { events } = service.box;
  events.record("service-started", `KMS Box ${VERSION} serves on ${service.address}.`, {
    version: VERSION,
    address: service.address,
    data,
  });
  options.onReady?.(service);
  void stopSignal.first.then((signal) => endings.signalled(signal));
  const ending = await endings.first;
  const { kind, ...details } = ending;
  const why = ending.kind === "signal" ? `on ${ending.signal}` : WHY[ending.kind];
  events.record("service-stopping", `Stopping ${why}.`, { reason: kind, ...details });
  const status = await stopInTime(service);
  events.record("service-stopped", "Stopped.");
  // Who sends a signal wants it to end, also when it was about to start again.
  return status === 0 && !stopSignal.came ? RESTART_STATUS : status;
}

const WHY = {
  restart: "to start again",
  "factory-reset": "to begin anew at the next start",
  "power-off": "as the machine shuts down",
} as const;

/** A terminal that is closed ends what runs in it, in order as well. */
const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The first signal to stop. A second one ends the process at once. */
class StopSignal {
  readonly first: Promise<NodeJS.Signals>;
  #came = false;
  #hear: (signal: NodeJS.Signals) => void = () => undefined;

  constructor() {
    this.first = new Promise((resolve) => {
      this.#hear = (signal) => {
        this.#came = true;
        this.forget();
        resolve(signal);
      };
    });
    for (const signal of STOP_SIGNALS) {
      if (signal !== "SIGHUP" || !isHangUpIgnored()) process.once(signal, this.#hear);
    }
  }

  get came(): boolean {
    return this.#came;
  }

  forget(): void {
    for (const signal of STOP_SIGNALS) process.off(signal, this.#hear);
  }
}

/** Whether the program was started by `nohup` or the like, and is to go on. */
function isHangUpIgnored(): boolean {
  try {
    const mask = /^SigIgn:\s*([0-9a-f]+)$/m.exec(readFileSync("/proc/self/status", "latin1"))?.[1];
    return mask !== undefined && (BigInt(`0x${mask}`) & 1n) === 1n;
  } catch {
    return false;
  }
}

async function stopInTime(service: Service): Promise<number> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<number>((resolve) => {
    timer = setTimeout(() => resolve(1), LONGEST_STOP_MS);
  });
  const status = await Promise.race([service.stop().then(() => 0), late]);
  clearTimeout(timer);
  return status;
}
