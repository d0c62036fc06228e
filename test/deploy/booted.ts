import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { ensurePackages, PATH, runTool } from "../support/debian-packages.ts";
import type { DebianTree } from "./chroot.ts";

const BOOT_MS = 60_000;
const LOOK_EVERY_MS = 200;

/** A Debian tree that runs with systemd of its own, on the kernel of this machine. */
export class BootedDebian {
  readonly #container: ChildProcess;
  readonly #leader: string;

  private constructor(container: ChildProcess, leader: string) {
    this.#container = container;
    this.#leader = leader;
  }

  /** Boots it; it has a loopback interface and no other. */
  static async boot(tree: DebianTree): Promise<BootedDebian> {
    await ensurePackages({ "systemd-nspawn": "systemd-container", nsenter: "util-linux" });
    const options = ["--quiet", "--register=no", "--keep-unit", "--private-network", "--boot"];
    const container = spawn("systemd-nspawn", [...options, `--directory=${tree.root}`], {
      stdio: "ignore",
      env: { PATH, SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: "1" },
    });
    try {
      const booted = new BootedDebian(container, await leaderOf(container));
      await booted.#settle();
      return booted;
    } catch (error) {
      container.kill("SIGKILL");
      throw error;
    }
  }

  /** A program of this machine's, told how to run so that its network is the one in there. */
  inItsNetwork(program: string): readonly string[] {
    return ["nsenter", "--target", this.#leader, "--net", program];
  }

  /** Runs a script in it, and returns what it wrote to standard output. */
  sh(script: string): Promise<string> {
    const clean = ["env", "-i", "LC_ALL=C.UTF-8", "PATH=/usr/sbin:/usr/bin:/sbin:/bin"];
    const inside = ["--target", this.#leader, "--all", ...clean, "/bin/bash", "-euc", script];
    return runTool("nsenter", inside).catch((error: Error & { stdout?: string }) => {
      throw new Error(`${error.message}\n${error.stdout ?? ""}`, { cause: error });
    });
  }

  /** Tries a script until it succeeds, and returns what it then wrote to standard output. */
  async until(script: string, limitMs: number): Promise<string> {
    for (const end = performance.now() + limitMs; ; await sleep(LOOK_EVERY_MS)) {
      try {
        return await this.sh(script);
      } catch (error) {
        if (performance.now() > end) throw error;
      }
    }
  }

  /** Ends every process at once, in the middle of whatever it does. */
  async cut(): Promise<void> {
    if (this.#container.exitCode !== null || this.#container.signalCode !== null) return;
    const gone = once(this.#container, "exit");
    // Its first process takes all others with it.
    process.kill(Number(this.#leader), "SIGKILL");
    await gone;
  }

  async #settle(): Promise<void> {
    await this.until("systemctl is-active --quiet basic.target", BOOT_MS);
  }
}

/** Before it there is one for a moment that only prepares the place. */
async function isSystemd(pid: string): Promise<boolean> {
  const name = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "");
  return name === "systemd\n";
}

/** The first process inside, as the kernel names it outside. */
async function leaderOf(container: ChildProcess): Promise<string> {
  const { pid } = container;
  for (
    const end = performance.now() + BOOT_MS;
    performance.now() < end;
    await sleep(LOOK_EVERY_MS)
  ) {
    if (container.exitCode !== null) throw new Error("systemd-nspawn could not start the system.");
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8");
    const leader = children.trim().split(" ")[0];
    if (leader && (await isSystemd(leader))) return leader;
  }
  throw new Error("systemd-nspawn started no system.");
}
