import { join } from "node:path";
import { buildPrograms } from "./packaging/programs.ts";

/** Part of `npm run build`: makes what Node runs. */
await buildPrograms(join(import.meta.dirname, ".."));
