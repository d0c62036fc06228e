import { execFile } from "node:child_process";
import { promisify } from "node:util";
import {
  ManagerNotToldError,
  type ServiceManager,
  type ServiceNews,
} from "../../ports/service-manager.ts";

const PROGRAM = "systemd-notify";
const LONGEST_MS = 10_000;
const MICROSECONDS_PER_MS = 1000;

/** What systemd gives a service that is to tell how it stands. */
export interface Supervision {
  /** Where systemd listens. */
  readonly socket: string;
  /** How long it waits for a sign of life; null if for none. */
  readonly patienceMs: number | null;
}

export interface SystemdManagerOptions extends Supervision {
  /** Instead of the one on the path. */
  readonly program?: string;
}

/**
 * Tells systemd by its program `systemd-notify`, as Node has no datagram sockets of this kind. That
 * program waits until systemd has taken the message, so that none is lost when it ends; systemd takes
 * it from a child of the service if the unit has `NotifyAccess=all`. See sd_notify(3).
 */
export class SystemdManager implements ServiceManager {
  readonly patienceMs: number | null;
  readonly #socket: string;
  readonly #program: string;

  constructor({ socket, patienceMs, program = PROGRAM }: SystemdManagerOptions) {
    this.patienceMs = patienceMs;
    this.#socket = socket;
    this.#program = program;
  }

  async tell(news: ServiceNews): Promise<void> {
    const args = assignments(news);
    if (args.length === 0) return;
    const env = { ...process.env, NOTIFY_SOCKET: this.#socket };
    const limit = { timeout: LONGEST_MS, killSignal: "SIGKILL" } as const;
    try {
      await promisify(execFile)(this.#program, args, { env, ...limit });
    } catch (error) {
      throw notTold(this.#program, error);
    }
  }
}

/**
 * Takes what systemd gives out of the environment: programs of systemd's that this process runs would
 * tell it of their failures as if they were the service.
 *
 * @param pid of this process
 * @returns undefined where no service manager listens
 */
export function takeSupervision(env: NodeJS.ProcessEnv, pid: number): Supervision | undefined {
  const { NOTIFY_SOCKET: socket } = env;
  const patienceMs = watchdogPatienceMs(env, pid);
  for (const name of ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"]) delete env[name];
  return socket ? { socket, patienceMs } : undefined;
}

function watchdogPatienceMs(env: NodeJS.ProcessEnv, pid: number): number | null {
  const { WATCHDOG_USEC = "", WATCHDOG_PID } = env;
  // A program in between may have left it in the environment.
  if (WATCHDOG_PID !== undefined && WATCHDOG_PID !== String(pid)) return null;
  if (!/^[1-9]\d{0,15}$/.test(WATCHDOG_USEC)) return null;
  return Number(WATCHDOG_USEC) / MICROSECONDS_PER_MS;
}

function assignments({ ready, alive, stopping, status }: ServiceNews): string[] {
  return [
    ...(ready ? ["READY=1"] : []),
    ...(stopping ? ["STOPPING=1"] : []),
    ...(alive ? ["WATCHDOG=1"] : []),
    // A line break would begin another assignment.
    ...(status === undefined ? [] : [`STATUS=${status.replaceAll(/\s+/g, " ")}`]),
  ];
}

function notTold(program: string, cause: unknown): ManagerNotToldError {
  const { code, stderr } = cause as { code?: unknown; stderr?: string };
  const reason =
    code === "ENOENT"
      ? `the program ${program} is missing; install the package systemd`
      : stderr?.trim().split("\n")[0] || `${program} fails (${String(code)})`;
  return new ManagerNotToldError(`systemd cannot be told how the box stands: ${reason}.`, {
    cause,
  });
}
