import { readFileSync } from "node:fs";

/** Fields of /proc/PID/stat after the command's name (proc(5)): process group and terminal's one. */
const PGRP = 2;
const TPGID = 5;

/**
 * Whether this process may use its terminal. One that was started in the background is stopped by
 * the kernel when it changes the terminal's mode. Where the kernel does not tell, it may.
 */
export function isForeground(statFile = "/proc/self/stat"): boolean {
  try {
    const stat = readFileSync(statFile, "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[PGRP] === fields[TPGID];
  } catch {
    return true;
  }
}
