import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FlashFile } from "../../src/adapters/flash/flash-fs.ts";
import { FlashStore } from "../../src/adapters/flash/flash-store.ts";
import { NodeFlashFs } from "../../src/adapters/flash/node-flash-fs.ts";
import { MemoryStore } from "../support/memory-store.ts";
import { failingStoreContract, storeContract } from "./store-contract.ts";

/** A file system whose files cannot be synced any more once it is broken. */
class BreakableFs extends NodeFlashFs {
  broken = false;

  override async open(path: string, access: "read" | "update" | "create"): Promise<FlashFile> {
    const file = await super.open(path, access);
    const sync = file.sync.bind(file);
    file.sync = async () => {
      if (this.broken) throw Object.assign(new Error("input/output error"), { code: "EIO" });
      await sync();
    };
    return file;
  }
}

storeContract("the memory store", async () => new MemoryStore());

failingStoreContract("the memory store", async () => {
  const store = new MemoryStore();
  const holdAndFail = () => {
    store.hold();
    setImmediate(() => store.fail());
  };
  return { store, holdAndFail };
});

describe("the flash store in a real folder", () => {
  const folders: string[] = [];
  const newFolder = async () => {
    const folder = await mkdtemp(join(tmpdir(), "kms-box-store-"));
    folders.push(folder);
    return folder;
  };
  after(async () => {
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  });

  storeContract("the flash store", async () => FlashStore.open({ folder: await newFolder() }));

  failingStoreContract("the flash store", async () => {
    const fs = new BreakableFs();
    const store = await FlashStore.open({ folder: await newFolder(), fs });
    const holdAndFail = () => {
      fs.broken = true;
    };
    return { store, holdAndFail };
  });
});
