import { mkdir, writeFile } from "node:fs/promises";
import { buildVectors, vectorsFolder } from "./build.ts";

await mkdir(vectorsFolder, { recursive: true });
for (const [name, content] of Object.entries(await buildVectors())) {
  await writeFile(`${vectorsFolder}/${name}`, content);
}
