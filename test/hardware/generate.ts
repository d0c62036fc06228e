import { mkdir, rm, writeFile } from "node:fs/promises";
import { generatedImages, generatedTexts, pagesFolder } from "./generated.ts";

await rm(pagesFolder, { recursive: true, force: true });
await mkdir(pagesFolder, { recursive: true });
for (const [path, content] of Object.entries({ ...generatedTexts(), ...generatedImages() })) {
  await writeFile(path, content);
}
