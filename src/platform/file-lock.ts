import { randomUUID } from "node:crypto";
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { KmsError } from "../domain/errors.ts";
import { isRunning, ownIdentity, type ProcessIdentity } from "./process-identity.ts";

/** The lock is held by a process that runs. */
export class FileLockedError extends KmsError {
  readonly code = "file-locked";
  /** The process that holds it. */
  readonly pid: number;

  constructor(path: string, pid: number) {
    super(`${path} is held by process ${pid}, which is running: stop that process first`);
    this.pid = pid;
  }
}

const TAKEOVER_TRIES = 25;
const TAKEOVER_PAUSE_MS = 20;

/**
 * A lock between processes: a file that names its holder. It needs no system call that Node lacks
 * (flock) and works alike on Linux, macOS and Windows. What a process that died left behind is taken
 * over; two that try so at once cannot both succeed.
 */
export class FileLock {
  readonly #path: string;
  readonly #content: string;

  private constructor(path: string, content: string) {
    this.#path = path;
    this.#content = content;
  }

  /**
   * @throws {FileLockedError} a running process, which may be this one, holds it.
   * @throws the system's error if the file cannot be written.
   */
  static async acquire(path: string): Promise<FileLock> {
    const content = `${JSON.stringify({ ...(await ownIdentity()), token: randomUUID() })}\n`;
    // Linked or renamed into place, the file is never seen half written.
    const temporary = `${path}.${randomUUID()}.tmp`;
    try {
      await writeFile(temporary, content, { flag: "wx", mode: 0o600 });
      while (!(await linked(temporary, path))) {
        const holder = await readHolder(path);
        if (holder.identity !== undefined && (await isRunning(holder.identity))) {
          throw new FileLockedError(path, holder.identity.pid);
        }
        if (holder.content !== undefined && (await takenOver(temporary, path, holder.content)))
          break;
      }
    } finally {
      await rm(temporary, { force: true });
    }
    return new FileLock(path, content);
  }

  /** Gives the lock up. Does nothing if it is no longer this holder's. */
  async release(): Promise<void> {
    const { content } = await readHolder(this.#path);
    if (content === this.#content) await rm(this.#path, { force: true });
  }
}

async function linked(temporary: string, path: string): Promise<boolean> {
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/**
 * Replaces a dead holder's file, under a lock of its own: between looking and replacing, another
 * process may have done the same, and its living file must not be replaced.
 */
async function takenOver(temporary: string, path: string, dead: string): Promise<boolean> {
  const turn = await acquireTurn(`${path}.takeover`);
  try {
    if ((await readHolder(path)).content !== dead) return false;
    await rename(temporary, path);
    return true;
  } finally {
    await turn.release();
  }
}

async function acquireTurn(path: string): Promise<FileLock> {
  for (let tries = 1; ; tries++) {
    try {
      return await FileLock.acquire(path);
    } catch (error) {
      if (!(error instanceof FileLockedError) || tries === TAKEOVER_TRIES) throw error;
      await sleep(TAKEOVER_PAUSE_MS);
    }
  }
}

interface Holder {
  /** Undefined if the file is gone. */
  readonly content?: string;
  /** Undefined if the file does not tell, as after a power cut: then nobody runs that wrote it. */
  readonly identity?: ProcessIdentity;
}

async function readHolder(path: string): Promise<Holder> {
  let content: string;
  try {
    content = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
  const identity = parseIdentity(content);
  return identity === undefined ? { content } : { content, identity };
}

function parseIdentity(content: string): ProcessIdentity | undefined {
  try {
    const value = JSON.parse(content) as Partial<ProcessIdentity> | null;
    return value !== null && Number.isInteger(value.pid) ? (value as ProcessIdentity) : undefined;
  } catch {
    return undefined;
  }
}
