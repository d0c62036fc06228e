import { join } from "node:path";
import { buildPages } from "./packaging/pages.ts";

/** Part of `npm run build`: makes what browsers load. */
await buildPages(join(import.meta.dirname, ".."));
