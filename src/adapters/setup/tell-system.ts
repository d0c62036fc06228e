import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { SECOND_MS } from "../../domain/units.ts";
import type { SetupReload } from "../../ports/setup.ts";

const run = promisify(execFile);

const PATIENCE_MS = 10 * SECOND_MS;
/** `nmcli` says so where NetworkManager is not running: it will read its files when it starts. */
const NOT_RUNNING = 8;
/** `systemctl` says so of a unit that is not installed. */
const NO_SUCH_UNIT = 5;

/**
 * Tells the running system that files have changed. What does not hear reads them at the next boot.
 *
 * @returns the commands that failed
 */
export async function tellSystem(
  reload: SetupReload,
  hostName: string | undefined,
): Promise<string[]> {
  switch (reload) {
    case "host-name":
      if (hostName !== undefined) await setHostName(hostName);
      return [];
    case "network":
      if (!existsSync("/run/NetworkManager")) return [];
      return attempt("nmcli", ["connection", "reload"], NOT_RUNNING);
    case "time-servers":
      return [
        ...(await tellUnit("try-restart", "systemd-timesyncd.service")),
        ...(await tellUnit("try-restart", "chrony.service")),
      ];
    case "ssh":
      return tellUnit("try-reload-or-restart", "ssh.service");
  }
}

/** Without waiting: this may run before what is started again. */
async function tellUnit(command: string, unit: string): Promise<string[]> {
  if (!existsSync("/run/systemd/system")) return [];
  return attempt("systemctl", ["--no-block", command, unit], NO_SUCH_UNIT);
}

/** Early at boot nobody listens on the bus, and the kernel is told directly. */
async function setHostName(name: string): Promise<void> {
  try {
    if (!existsSync("/run/dbus/system_bus_socket")) throw new Error("no bus");
    await run("hostnamectl", ["--no-ask-password", "set-hostname", name], { timeout: PATIENCE_MS });
  } catch {
    await writeFile("/proc/sys/kernel/hostname", name).catch(() => undefined);
  }
}

/** A program that is not there has nothing to be told. */
async function attempt(
  program: string,
  args: readonly string[],
  harmless: number,
): Promise<string[]> {
  try {
    await run(program, [...args], { timeout: PATIENCE_MS });
    return [];
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code === "ENOENT" || code === harmless) return [];
    return [`${program} ${args.join(" ")}`];
  }
}
