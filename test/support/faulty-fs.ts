import type { FlashFile, FlashFs } from "../../src/adapters/flash/flash-fs.ts";

/**
 * What of the writes that were not synced is found after a power cut.
 *
 * `half` keeps half of the bytes and of the names; `scattered` keeps sectors at random; `names` keeps
 * creations and renames but no content, `content` the other way round.
 */
export const SURVIVALS = ["lost", "kept", "half", "scattered", "names", "content"] as const;
export type Survival = (typeof SURVIVALS)[number];

export interface FsCall {
  readonly kind:
    | "makeFolder"
    | "list"
    | "open"
    | "rename"
    | "remove"
    | "kindOf"
    | "removeFolder"
    | "syncFolder"
    | "size"
    | "read"
    | "write"
    | "truncate"
    | "sync"
    | "close";
  /** Base name of the file or folder. */
  readonly name: string;
}

interface Inode {
  /** As programs see it. */
  seen: Buffer;
  /** As it is on the medium. */
  durable: Buffer;
  /** Not synced yet; a failed sync forgets them, as Linux does. */
  dirty: Change[];
}
type Change = { readonly at: number; readonly data: Buffer } | { readonly size: number };
type Names = Map<string, Inode>;
type NameChange = (names: Names) => void;

const SECTOR = 64;
const CHANGING = new Set<FsCall["kind"]>([
  "makeFolder",
  "rename",
  "remove",
  "removeFolder",
  "write",
  "truncate",
]);

/**
 * A file system in memory that tells apart what programs see and what is on the medium, and fails on
 * request: a crash before any call, errors, short writes, a full disk, a read-only mount.
 */
export class FaultyFs implements FlashFs {
  /** Calls so far. */
  calls = 0;
  /** From this call on nothing happens any more: no call returns. */
  crashAt = Number.POSITIVE_INFINITY;
  /** Returns the errno that a call shall fail with. */
  fault: (call: FsCall) => string | undefined = () => undefined;
  /** Bytes that may yet be written. */
  space = Number.POSITIVE_INFINITY;
  readOnly = false;
  /** Most bytes that one write takes. */
  longestWrite = Number.POSITIVE_INFINITY;
  /** Kinds and names of all calls, for tests that look at their order. */
  readonly log: string[] = [];
  readonly crashed: Promise<void>;
  #crash: () => void = () => undefined;
  #seen: Names;
  #durable: Names;
  #nameChanges: NameChange[] = [];

  constructor(files: Names = new Map()) {
    this.#seen = new Map(files);
    this.#durable = new Map(files);
    this.crashed = new Promise((resolve) => {
      this.#crash = resolve;
    });
  }

  /** The medium after a power cut. */
  afterPowerCut(survival: Survival, seed = 1): FaultyFs {
    const names = new Map(this.#durable);
    for (const change of kept(this.#nameChanges, survival)) change(names);
    const files: Names = new Map();
    for (const [path, inode] of names) {
      const content = survival === "kept" ? inode.seen : surviving(inode, survival, seed);
      files.set(path, { seen: Buffer.from(content), durable: Buffer.from(content), dirty: [] });
    }
    return new FaultyFs(files);
  }

  /** The same machine after its program was restarted: what programs see stays as it is. */
  afterRestart(): FaultyFs {
    const fs = new FaultyFs();
    fs.#seen = this.#seen;
    fs.#durable = this.#durable;
    fs.#nameChanges = this.#nameChanges;
    return fs;
  }

  /** Content as programs see it, for tests that look into or damage a file. */
  contentOf(name: string): Buffer {
    return this.#inode(name).seen;
  }

  /** Replaces a file's content, on the medium too. */
  setContent(name: string, content: string | Uint8Array): void {
    const data = Buffer.from(content);
    const path = [...this.#seen.keys()].find((key) => baseName(key) === name) ?? `/state/${name}`;
    const inode = { seen: data, durable: Buffer.from(data), dirty: [] };
    this.#seen.set(path, inode);
    this.#durable.set(path, inode);
  }

  delete(name: string): void {
    for (const names of [this.#seen, this.#durable]) {
      for (const path of [...names.keys()]) if (baseName(path) === name) names.delete(path);
    }
  }

  /** Base names of all files, sorted. */
  get names(): string[] {
    return [...this.#seen.keys()].map(baseName).sort();
  }

  async makeFolder(path: string): Promise<void> {
    await this.#enter("makeFolder", path);
  }

  async list(folder: string): Promise<string[]> {
    await this.#enter("list", folder);
    const inside = [...this.#seen.keys()].filter((path) => path.startsWith(`${folder}/`));
    return [...new Set(inside.map((path) => path.slice(folder.length + 1).split("/")[0] ?? ""))];
  }

  async open(path: string, access: "read" | "update" | "create"): Promise<FlashFile> {
    await this.#enter("open", path);
    if (access !== "read" && this.readOnly) throw errno("EROFS");
    let inode = this.#seen.get(path);
    if (inode === undefined && access !== "create") throw errno("ENOENT");
    if (inode === undefined) {
      if (this.space <= 0) throw errno("ENOSPC");
      const created = { seen: Buffer.alloc(0), durable: Buffer.alloc(0), dirty: [] };
      this.#changeNames((names) => names.set(path, created));
      inode = created;
    } else if (access === "create") {
      change(inode, { size: 0 });
    }
    return this.#file(path, inode);
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#enter("rename", to);
    const inode = this.#seen.get(from);
    if (inode === undefined) throw errno("ENOENT");
    this.#changeNames((names) => {
      names.delete(from);
      names.set(to, inode);
    });
  }

  async remove(path: string): Promise<void> {
    await this.#enter("remove", path);
    if (this.#seen.has(path)) this.#changeNames((names) => names.delete(path));
  }

  async kindOf(path: string): Promise<"file" | "folder" | undefined> {
    await this.#enter("kindOf", path);
    if (this.#seen.has(path)) return "file";
    return [...this.#seen.keys()].some((key) => key.startsWith(`${path}/`)) ? "folder" : undefined;
  }

  /** Folders are there as long as something is in them. */
  async removeFolder(path: string): Promise<void> {
    await this.#enter("removeFolder", path);
  }

  async syncFolder(path: string): Promise<void> {
    await this.#enter("syncFolder", path);
    for (const apply of this.#nameChanges.splice(0)) apply(this.#durable);
  }

  #file(path: string, inode: Inode): FlashFile {
    return {
      size: async () => {
        await this.#enter("size", path);
        return inode.seen.length;
      },
      read: async (into, position) => {
        await this.#enter("read", path);
        return inode.seen.copy(into, 0, position, position + into.length);
      },
      write: async (data, position) => {
        await this.#enter("write", path);
        const length = Math.min(data.length, this.longestWrite, this.space);
        if (length === 0 && data.length > 0) throw errno("ENOSPC");
        this.space -= length;
        change(inode, { at: position, data: Buffer.from(data.subarray(0, length)) });
        return length;
      },
      truncate: async (size) => {
        await this.#enter("truncate", path);
        change(inode, { size });
      },
      sync: async () => {
        try {
          await this.#enter("sync", path);
        } catch (error) {
          inode.dirty = [];
          throw error;
        }
        for (const step of inode.dirty.splice(0)) inode.durable = changed(inode.durable, step);
      },
      close: () => this.#enter("close", path),
    };
  }

  async #enter(kind: FsCall["kind"], path: string): Promise<void> {
    this.calls += 1;
    this.log.push(`${kind} ${baseName(path)}`);
    if (this.calls >= this.crashAt) {
      this.#crash();
      await new Promise<never>(() => undefined);
    }
    await Promise.resolve();
    const code = this.fault({ kind, name: baseName(path) });
    if (code !== undefined) throw errno(code);
    if (this.readOnly && CHANGING.has(kind)) throw errno("EROFS");
  }

  #changeNames(step: NameChange): void {
    step(this.#seen);
    this.#nameChanges.push(step);
  }

  #inode(name: string): Inode {
    for (const [path, inode] of this.#seen) if (baseName(path) === name) return inode;
    throw new Error(`no file ${name}`);
  }
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function errno(code: string): Error {
  return Object.assign(new Error(`${code}: as the test wants it`), { code });
}

function change(inode: Inode, step: Change): void {
  inode.seen = changed(inode.seen, step);
  inode.dirty.push(step);
}

function changed(content: Buffer, step: Change): Buffer {
  if ("size" in step) {
    const cut = content.subarray(0, step.size);
    return Buffer.concat([cut, Buffer.alloc(Math.max(0, step.size - cut.length))]);
  }
  const result = Buffer.alloc(Math.max(content.length, step.at + step.data.length));
  content.copy(result);
  step.data.copy(result, step.at);
  return result;
}

function kept<T>(changes: readonly T[], survival: Survival): readonly T[] {
  if (survival === "kept" || survival === "names" || survival === "scattered") return changes;
  return survival === "half" ? changes.slice(0, Math.ceil(changes.length / 2)) : [];
}

function surviving(inode: Inode, survival: Survival, seed: number): Buffer {
  if (survival === "lost" || survival === "names") return inode.durable;
  const all = inode.dirty.reduce(changed, inode.durable);
  if (survival === "content") return all;
  if (survival === "half") {
    const bytes = inode.durable.length + Math.trunc((all.length - inode.durable.length) / 2);
    return bytes > inode.durable.length ? all.subarray(0, bytes) : all;
  }
  return scattered(inode.durable, all, seed);
}

/** Some sectors as they were to be; the others as they were, or zeros where there was nothing. */
function scattered(before: Buffer, after: Buffer, seed: number): Buffer {
  const result = Buffer.from(after);
  let random = seed;
  for (let at = 0; at < after.length; at += SECTOR) {
    random = (Math.imul(random, 1_103_515_245) + 12_345) >>> 0;
    if (random % 3 !== 0) continue;
    result.fill(0, at, Math.min(at + SECTOR, result.length));
    if (at < before.length) before.copy(result, at, at, at + SECTOR);
  }
  return result;
}
