import { createLog, type Service, startService } from "./compose.ts";
import type { Config } from "./config/schema.ts";
import { VERSION } from "./version.ts";

/** How long a stop may take before the process ends without it. */
const LONGEST_STOP_MS = 4500;

export interface DaemonOptions {
  /** Makes a demonstration vendor and product if no licence is installed. */
  readonly demo: boolean;
  /** Called once the host serves. */
  readonly onReady?: (service: Service) => void;
}

/**
 * Runs the host until SIGINT or SIGTERM.
 *
 * @returns the exit status: 0 after an orderly stop, 1 after one that had to be cut short
 */
export async function runDaemon(config: Config, options: DaemonOptions): Promise<number> {
  // Heard from the beginning: a stop that comes while it starts must be as orderly as any other.
  const stopping = nextSignal();
  const { logger, flush } = createLog(config);
  try {
    return await runService(await startService(config, logger, options), config, options, stopping);
  } finally {
    flush();
  }
}

async function runService(
  service: Service,
  config: Config,
  options: DaemonOptions,
  stopping: Promise<NodeJS.Signals>,
): Promise<number> {
  const { events } = service.box;
  events.record("service-started", `KMS Box ${VERSION} serves on ${service.address}.`, {
    version: VERSION,
    address: service.address,
    data: config.data,
  });
  options.onReady?.(service);
  const signal = await stopping;
  events.record("service-stopping", `Stopping on ${signal}.`, { signal });
  const status = await stopInTime(service);
  events.record("service-stopped", "Stopped.");
  return status;
}

function nextSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
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
