import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { KmsError } from "../../../domain/errors.ts";
import { writeFileDurably } from "../../../platform/durable-file.ts";
import { generatePrivateJwk, type PrivateJwk, parsePrivateJwk } from "../../../platform/ed25519.ts";
import { FileLock } from "../../../platform/file-lock.ts";
import { fileFault } from "../../support/files.ts";

/** Below the box's state folder. */
const FOLDER = "demo-clients";
const FILE = "clients.json";

/** One client that the demonstration plays. */
export interface DemoIdentity {
  readonly hostname: string;
  readonly key: PrivateJwk;
}

/** The file of the demonstration's clients does not hold what it should. */
export class DemoClientsDamagedError extends KmsError {
  readonly code = "demo-clients-damaged";
}

/**
 * The demonstration's clients, kept so that the next run renews them and adds none. Locked while
 * open: two runs at once would make the same clients twice.
 */
export class DemoClients {
  readonly #path: string;
  readonly #lock: FileLock;
  readonly #stored: unknown[];

  private constructor(path: string, lock: FileLock, stored: unknown[]) {
    this.#path = path;
    this.#lock = lock;
    this.#stored = stored;
  }

  /**
   * @throws {FileLockedError} another demonstration runs on this box
   * @throws {DemoClientsDamagedError}
   */
  static async open(data: string): Promise<DemoClients> {
    const folder = join(data, FOLDER);
    const path = join(folder, FILE);
    const lock = await acquire(folder);
    try {
      return new DemoClients(path, lock, await readStored(path));
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /**
   * So many clients, the missing ones made and kept.
   *
   * @param fresh all of them made, beside those that are there
   */
  async take(count: number, fresh: boolean): Promise<DemoIdentity[]> {
    const first = fresh ? this.#stored.length : 0;
    const missing = first + count - this.#stored.length;
    for (let made = 0; made < missing; made++) {
      const number = String(this.#stored.length + 1).padStart(2, "0");
      this.#stored.push({ hostname: `DEMO-PC-${number}`, key: await generatePrivateJwk() });
    }
    if (missing > 0) {
      const text = JSON.stringify({ clients: this.#stored }, null, 1);
      await writeFileDurably(this.#path, `${text}\n`, 0o600);
    }
    return this.#stored.slice(first, first + count).map((stored) => identityOf(stored, this.#path));
  }

  close(): Promise<void> {
    return this.#lock.release();
  }
}

async function acquire(folder: string): Promise<FileLock> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return await FileLock.acquire(join(folder, "lock"));
  } catch (error) {
    throw error instanceof KmsError ? error : fileFault(`Cannot write to ${folder}`, error);
  }
}

async function readStored(path: string): Promise<unknown[]> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw fileFault(`Cannot read ${path}`, error);
  }
  try {
    const { clients } = JSON.parse(text) as { clients: unknown };
    if (Array.isArray(clients)) return clients;
  } catch (cause) {
    throw damaged(path, cause);
  }
  throw damaged(path);
}

function identityOf(stored: unknown, path: string): DemoIdentity {
  const { hostname, key } = (stored ?? {}) as { hostname?: unknown; key?: unknown };
  if (typeof hostname !== "string") throw damaged(path);
  try {
    return { hostname, key: parsePrivateJwk(JSON.stringify(key ?? null), path) };
  } catch (cause) {
    throw damaged(path, cause);
  }
}

function damaged(path: string, cause?: unknown): DemoClientsDamagedError {
  return new DemoClientsDamagedError(
    `${path} is damaged. Remove it; the next demonstration makes new clients.`,
    { cause },
  );
}
