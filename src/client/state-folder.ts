import { createHash } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { FileLock, FileLockedError } from "../platform/file-lock.ts";
import { accessError, readJson, writeJson } from "./json-file.ts";
import {
  isMachineFile,
  isProductRecord,
  isSettings,
  type MachineFile,
  type ProductRecord,
  type Settings,
} from "./shapes.ts";

const LOCK_PAUSE_MS = 50;
const LOCK_TRIES = 100;
const NO_SETTINGS: Settings = Object.freeze({ schema: 1, host: null, products: {} });

/**
 * The files of one client. Reading needs no lock, since files are replaced whole; whoever changes
 * what they read does so under `locked`.
 */
export class StateFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  get keyPath(): string {
    return join(this.path, "client-key.jwk");
  }

  get machinePath(): string {
    return join(this.path, "machine.json");
  }

  get settingsPath(): string {
    return join(this.path, "settings.json");
  }

  /** The id goes into the name by a digest too: file systems fold case and forbid some characters. */
  recordPath(product: string): string {
    const readable = product.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
    const digest = createHash("sha256").update(product).digest("hex").slice(0, 8);
    return join(this.path, `product-${readable}-${digest}.json`);
  }

  async readSettings(): Promise<Settings> {
    return (await readJson(this.settingsPath, isSettings)) ?? NO_SETTINGS;
  }

  async writeSettings(settings: Settings): Promise<void> {
    await writeJson(this.settingsPath, settings);
  }

  readMachine(): Promise<MachineFile | undefined> {
    return readJson(this.machinePath, isMachineFile);
  }

  async writeMachine(machine: MachineFile): Promise<void> {
    await writeJson(this.machinePath, machine);
  }

  readRecord(product: string): Promise<ProductRecord | undefined> {
    const isOfProduct = (value: unknown): value is ProductRecord =>
      isProductRecord(value) && value.product === product;
    return readJson(this.recordPath(product), isOfProduct);
  }

  async writeRecord(record: ProductRecord): Promise<void> {
    await writeJson(this.recordPath(record.product), record);
  }

  async removeRecord(product: string): Promise<void> {
    await rm(this.recordPath(product), { force: true });
  }

  /** Runs alone among all processes that use the folder; waits some seconds for its turn. */
  async locked<T>(work: () => Promise<T>): Promise<T> {
    const lock = await this.#acquire();
    try {
      return await work();
    } finally {
      await lock.release();
    }
  }

  /** Held by an agent as long as it runs, so that two do not serve one folder. */
  async lockAgent(): Promise<FileLock> {
    await this.#make();
    return FileLock.acquire(join(this.path, "agent.lock"));
  }

  async #acquire(): Promise<FileLock> {
    await this.#make();
    for (let tries = 1; ; tries++) {
      try {
        return await FileLock.acquire(join(this.path, "state.lock"));
      } catch (error) {
        if (!(error instanceof FileLockedError)) throw accessError(this.path, "write", error);
        if (tries === LOCK_TRIES) throw error;
        await sleep(LOCK_PAUSE_MS);
      }
    }
  }

  async #make(): Promise<void> {
    try {
      await mkdir(this.path, { recursive: true, mode: 0o755 });
    } catch (error) {
      throw accessError(this.path, "make", error);
    }
  }
}
