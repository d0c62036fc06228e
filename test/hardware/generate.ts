import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { generatedFiles } from "./generated.ts";

for (const [path, content] of Object.entries(generatedFiles())) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}
