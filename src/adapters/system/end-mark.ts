import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Killer } from "../../ports/machine.ts";

/** Written by the service unit's ExecStopPost, which alone is told `SERVICE_RESULT` (systemd.exec(5)). */
const MARK = "ended-by";
const KILLERS: ReadonlyMap<string, Killer> = new Map([
  ["watchdog", "watchdog"],
  ["oom-kill", "out of memory"],
]);

/**
 * Who killed the last run of the service, if the service manager left word of it in the state folder.
 * It is told once. Never throws.
 */
export function takeEndMark(folder: string): Killer | undefined {
  const path = join(folder, MARK);
  try {
    const told = readFileSync(path, "utf8").trim();
    rmSync(path, { force: true });
    return KILLERS.get(told);
  } catch {
    return undefined;
  }
}
