import { dirname } from "node:path";
import { type FlashFs, writeFully } from "./flash-fs.ts";

const CHUNK_BYTES = 1 << 20;

/** Copies a file, durably. */
export async function copyDurably(fs: FlashFs, from: string, to: string): Promise<void> {
  const temporary = `${to}.tmp`;
  const source = await fs.open(from, "read");
  try {
    const target = await fs.open(temporary, "create");
    try {
      const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
      for (let position = 0; ; ) {
        const got = await source.read(chunk, position);
        if (got === 0) break;
        await writeFully(target, chunk.subarray(0, got), position);
        position += got;
      }
      await target.sync();
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
  await fs.rename(temporary, to);
  await fs.syncFolder(dirname(to));
}
