import { FlashStore } from "../../src/adapters/flash/flash-store.ts";
import { put } from "./flash-rig.ts";

/** Commits records for ever and prints the number of each that was acknowledged, until it is killed. */
const store = await FlashStore.open({
  folder: process.argv[2] ?? "",
  groupCommitMs: 1,
  compactAtBytes: 10_000,
});
let next = 0;

async function work(): Promise<never> {
  for (;;) {
    const number = next++;
    await store.commit([put(number)]);
    process.stdout.write(`${number}\n`);
  }
}

await Promise.all([work(), work(), work(), work()]);
