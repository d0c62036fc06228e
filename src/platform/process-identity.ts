import { readFile } from "node:fs/promises";

/**
 * Names one run of one process. A process id alone is used again, after a restart of the machine even
 * at once; where the system tells them, the boot and the start time set two users of it apart.
 */
export interface ProcessIdentity {
  readonly pid: number;
  /** Linux only. */
  readonly bootId?: string;
  /** Clock ticks since boot (field 22 of `/proc/<pid>/stat`); Linux only. */
  readonly startTime?: string;
}

/** Identity of this process. */
export async function ownIdentity(): Promise<ProcessIdentity> {
  const [bootId, startTime] = await Promise.all([readBootId(), readStartTime(process.pid)]);
  return {
    pid: process.pid,
    ...(bootId !== undefined && { bootId }),
    ...(startTime !== undefined && { startTime }),
  };
}

/** Whether that very process still runs. In doubt it is said to run. */
export async function isRunning(identity: ProcessIdentity): Promise<boolean> {
  if (!pidExists(identity.pid)) return false;
  const [bootId, startTime] = await Promise.all([readBootId(), readStartTime(identity.pid)]);
  return !differ(bootId, identity.bootId) && !differ(startTime, identity.startTime);
}

function differ(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && a !== b;
}

function pidExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, but as another user.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

async function readBootId(): Promise<string | undefined> {
  return (await readIfThere("/proc/sys/kernel/random/boot_id"))?.trim();
}

async function readStartTime(pid: number): Promise<string | undefined> {
  const stat = await readIfThere(`/proc/${pid}/stat`);
  // The second field is the program's name in parentheses and may itself hold spaces and parentheses.
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch {
    return undefined;
  }
}
