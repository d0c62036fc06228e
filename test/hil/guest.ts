import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../support/free-port.ts";
import {
  AgentLink,
  type Listeners,
  type Outcome,
  type Running,
  type RunOptions,
} from "./guest/agent-link.ts";
import { type Machine, Qemu } from "./guest/qemu.ts";

const MOST_BOOTS = 3;
const BOOT_LIMIT_MS = 180_000;
const COMMAND_LIMIT_MS = 60_000;
const SHUTDOWN_LIMIT_MS = 60_000;

type Given = "image" | "rootDisk" | "codeDisk" | "dataDisk" | "clock" | "withoutUnits";

export interface BootOptions extends Pick<Machine, Given> {
  /** Folder for the port to the agent; its path must be short, as of any socket. */
  readonly folder: string;
  /** Folder for the log of the console. */
  readonly logs: string;
  /** Names the log. */
  readonly label: string;
}

/** A computer with the box's hardware, in an emulator: it boots, obeys, and can lose its power. */
export class Guest {
  readonly hostPort: number;
  readonly serialLog: string;
  readonly #qemu: Qemu;
  readonly #agent: AgentLink;

  private constructor(qemu: Qemu, agent: AgentLink, machine: Machine) {
    this.#qemu = qemu;
    this.#agent = agent;
    this.hostPort = machine.hostPort;
    this.serialLog = machine.serialLog;
  }

  /**
   * Switches it on, and returns once its agent answers: the hardware is then there. Emulated processors
   * let a kernel panic now and then while it starts; that says nothing of a box, which comes later.
   */
  static async boot(options: BootOptions): Promise<Guest> {
    for (let tries = 1; ; tries++) {
      try {
        return await Guest.#bootOnce(options);
      } catch (error) {
        const log = await readFile(serialLogOf(options), "utf8").catch(() => "");
        if (tries === MOST_BOOTS || !log.includes("Kernel panic - not syncing")) throw error;
        console.log("    the emulated kernel panicked while it started; once more");
      }
    }
  }

  static async #bootOnce(options: BootOptions): Promise<Guest> {
    await mkdir(options.logs, { recursive: true });
    const machine: Machine = {
      ...options,
      serialLog: serialLogOf(options),
      agentSocket: join(options.folder, `${options.label}.sock`),
      hostPort: await freePort(),
    };
    const qemu = await Qemu.start(machine);
    try {
      const agent = await connected(qemu, machine.agentSocket);
      await within(BOOT_LIMIT_MS, agent.run("true"), "the agent in the guest");
      return new Guest(qemu, agent, machine);
    } catch (error) {
      await qemu.kill();
      throw new Error(`The guest did not start; its console is in ${machine.serialLog}`, {
        cause: error,
      });
    }
  }

  get isRunning(): boolean {
    return this.#qemu.isRunning;
  }

  /** Runs a command of the guest's shell and returns its outcome, whatever its exit status. */
  async attempt(command: string, options: RunOptions = {}): Promise<Outcome> {
    return this.#agent.run(command, { timeoutMs: COMMAND_LIMIT_MS, ...options });
  }

  /** Runs a command that must succeed, and returns what it wrote. */
  async run(command: string, options: RunOptions = {}): Promise<string> {
    const { status, stdout, stderr } = await this.attempt(command, options);
    if (status === 0) return stdout;
    throw new Error(`Exit status ${status} of: ${command}\n${stdout}${stderr}`);
  }

  /** Starts a command that goes on beside the others. */
  start(command: string, listeners: Listeners): Running {
    return this.#agent.start(command, listeners);
  }

  async read(path: string): Promise<string> {
    return this.run(`cat '${path}'`);
  }

  async write(path: string, text: string): Promise<void> {
    await this.run(`cat > '${path}'`, { input: text });
  }

  /** The guest's monotonic clock, by which its kernel stamps events. */
  async nowMs(): Promise<number> {
    return Number.parseFloat(await this.read("/proc/uptime")) * 1000;
  }

  /** Cuts the power. */
  async kill(): Promise<void> {
    this.#agent.close();
    await this.#qemu.kill();
  }

  /** Switches it off as one should. */
  async shutdown(): Promise<void> {
    this.start("systemctl poweroff", { onStdout: () => {} });
    try {
      await within(SHUTDOWN_LIMIT_MS, this.#qemu.ended(), "the guest to switch itself off");
    } finally {
      await this.kill();
    }
  }
}

function serialLogOf({ logs, label }: BootOptions): string {
  return join(logs, `${label}.console.log`);
}

async function connected(qemu: Qemu, path: string): Promise<AgentLink> {
  for (;;) {
    try {
      return await AgentLink.connect(path);
    } catch (error) {
      // Not made yet, or made and not listened to yet.
      const isEarly = /ENOENT|ECONNREFUSED/.test(String(error));
      if (!isEarly) throw error;
      if (!qemu.isRunning) throw new Error("The emulator ended at once.", { cause: error });
    }
    await sleep(20);
  }
}

async function within<T>(limitMs: number, work: Promise<T>, what: string): Promise<T> {
  const cancel = new AbortController();
  const late = sleep(limitMs, undefined, { signal: cancel.signal }).then(() => {
    throw new Error(`Waited ${limitMs} ms for ${what}.`);
  });
  late.catch(() => {});
  return Promise.race([work, late]).finally(() => cancel.abort());
}
