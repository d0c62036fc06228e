import { FlashStore } from "../../src/adapters/flash/flash-store.ts";
import { syntheticRecord } from "./fill.ts";

const COMPACTIONS = 5;
const PUT_EVERY_MS = 2;

/** The longest the event loop was held up while the state was written anew, with requests coming. */
export async function longestStallMs(folder: string): Promise<number> {
  const store = await FlashStore.open({ folder });
  await quietDown();
  let longestMs = 0;
  let lastMs = performance.now();
  let running = true;
  const watch = (): void => {
    const nowMs = performance.now();
    longestMs = Math.max(longestMs, nowMs - lastMs);
    lastMs = nowMs;
    if (running) setImmediate(watch);
  };
  const puts = setInterval(() => {
    void store.commit([{ op: "put", record: syntheticRecord(0, Date.now()) }]);
  }, PUT_EVERY_MS);
  setImmediate(watch);
  for (let i = 0; i < COMPACTIONS; i++) await store.compact();
  running = false;
  clearInterval(puts);
  await store.close();
  return longestMs;
}

/** What loading left to collect would otherwise be counted as a stall of compaction. */
async function quietDown(): Promise<void> {
  globalThis.gc?.();
  await new Promise((resolve) => setTimeout(resolve, 500));
}
