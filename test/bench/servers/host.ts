import { type Service, startService } from "../../../src/compose.ts";
import type { OpenStore } from "../../../src/compose-box.ts";
import { createLog } from "../../../src/compose-log.ts";
import { buildConfig } from "../../../src/config/config.ts";
import type { CmidStore } from "../../../src/ports/store.ts";
import { syntheticRecord } from "../fill.ts";

/** Ways to keep the state, by name; each is loaded only where it is measured. */
const STORES: Record<string, () => Promise<OpenStore | undefined>> = {
  flash: async () => undefined,
  jsonfile: async () => (await import("../stores/json-file-store.ts")).openJsonFileStore,
  sqlite: async () => (await import("../stores/sqlite-store.ts")).openSqliteStore,
};

/** Records in one commit while the store is filled. */
const STEP = 2500;

// The whole service with a store of choice, which knows so many other clients already.
const [folder = "", storeName = "flash", known = "0"] = process.argv.slice(2);
const config = buildConfig([
  {
    source: "benchmark",
    values: {
      data: folder,
      bind: "127.0.0.1",
      port: 0,
      web: { enabled: false },
      clock: { trust: "system" },
      rateLimit: { exempt: ["127.0.0.0/8"] },
    },
  },
]);
const openStore = await STORES[storeName]?.();
const service: Service = await startService(config, createLog(config).logger, {
  demo: true,
  ...(openStore ? { openStore } : {}),
});
await fill(service.box.store, Number(known));
process.send?.({ port: Number(service.address.split(":").at(-1)) });
async function fill(store: CmidStore, clients: number): Promise<void> {
  for (let i = store.ledger.clients; i < clients; i += STEP) {
    const records = Array.from({ length: Math.min(STEP, clients - i) }, (_, j) =>
      syntheticRecord(i + j, Date.now()),
    );
    await store.commit(records.map((record) => ({ op: "put", record })));
  }
}

process.on("SIGTERM", () => {
  void service.stop().then(() => process.exit(0));
});
