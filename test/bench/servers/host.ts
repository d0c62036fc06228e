import { createLogger, type OpenStore, startService } from "../../../src/compose.ts";
import { buildConfig } from "../../../src/config/config.ts";

/** Ways to keep the state, by name; each is loaded only where it is measured. */
const STORES: Record<string, () => Promise<OpenStore | undefined>> = {
  flash: async () => undefined,
  jsonfile: async () => (await import("../stores/json-file-store.ts")).openJsonFileStore,
  sqlite: async () => (await import("../stores/sqlite-store.ts")).openSqliteStore,
};

// The whole service with a store of choice, sharing everything but the store.
const [folder = "", storeName = "flash"] = process.argv.slice(2);
const config = buildConfig([
  {
    source: "benchmark",
    values: {
      data: folder,
      bind: "127.0.0.1",
      port: 0,
      clock: { trust: "system" },
      rateLimit: { exempt: ["127.0.0.0/8"] },
    },
  },
]);
const openStore = await STORES[storeName]?.();
const service = await startService(config, createLogger(config), {
  demo: true,
  ...(openStore ? { openStore } : {}),
});
process.send?.({ port: Number(service.address.split(":").at(-1)) });
process.on("SIGTERM", () => {
  void service.stop().then(() => process.exit(0));
});
