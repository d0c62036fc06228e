import { createReadStream, existsSync } from "node:fs";
import { open, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { syncFolder } from "../../platform/durable-file.ts";
import type { AuditFile } from "../../ports/audit.ts";

const CURRENT = "audit.log";
const OLD = "audit.old.log";
const BROKEN = "audit.broken.log";
/** Some 15 000 acts; another such file is kept. */
const LARGEST_BYTES = 4 << 20;
const NEWLINE = 0x0a;
const TAIL_BYTES = 64 << 10;

/** Whether a file of that name is of the audit log. */
export function isAuditFile(name: string): boolean {
  return name === CURRENT || name === OLD || name === BROKEN;
}

/** JSON lines in the state folder; a full file makes room for a new one, and the one before goes. */
export class AuditLogFile implements AuditFile {
  readonly #folder: string;
  readonly #largestBytes: number;

  constructor(folder: string, largestBytes = LARGEST_BYTES) {
    this.#folder = folder;
    this.#largestBytes = largestBytes;
  }

  async *lines(): AsyncGenerator<string> {
    for (const name of [OLD, CURRENT]) {
      const path = this.#path(name);
      if (existsSync(path)) yield* wholeLines(path);
    }
  }

  async append(line: string): Promise<void> {
    const path = this.#path(CURRENT);
    const isNew = !existsSync(path);
    const file = await open(path, "a", 0o600);
    try {
      const { size } = await file.stat();
      try {
        await file.appendFile(`${line}\n`);
        await file.sync();
      } catch (error) {
        // Half a line would hide the next one.
        await file.truncate(size).catch(() => undefined);
        throw error;
      }
    } finally {
      await file.close();
    }
    if (isNew) await syncFolder(this.#folder);
  }

  async isFull(): Promise<boolean> {
    const path = this.#path(CURRENT);
    return existsSync(path) && (await stat(path)).size >= this.#largestBytes;
  }

  letGo(): Promise<void> {
    return this.#move(OLD);
  }

  async cutTail(): Promise<number> {
    const path = this.#path(CURRENT);
    if (!existsSync(path)) return 0;
    const file = await open(path, "r+");
    try {
      const { size } = await file.stat();
      const from = Math.max(0, size - TAIL_BYTES);
      const { buffer, bytesRead } = await file.read(
        Buffer.alloc(size - from),
        0,
        size - from,
        from,
      );
      const keep = from + buffer.subarray(0, bytesRead).lastIndexOf(NEWLINE) + 1;
      if (keep === size) return 0;
      await file.truncate(keep);
      await file.sync();
      return size - keep;
    } finally {
      await file.close();
    }
  }

  async putAside(): Promise<void> {
    if (existsSync(this.#path(CURRENT))) await this.#move(BROKEN);
    await rm(this.#path(OLD), { force: true });
    await syncFolder(this.#folder);
  }

  async #move(name: string): Promise<void> {
    await rename(this.#path(CURRENT), this.#path(name));
    await syncFolder(this.#folder);
  }

  #path(name: string): string {
    return join(this.#folder, name);
  }
}

/** What has no end was never finished, and is no line. */
async function* wholeLines(path: string): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of createReadStream(path, "utf8")) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}
