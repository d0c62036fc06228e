import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type Metafile } from "esbuild";
import type { PageFiles } from "../../src/web/pages/page-files.ts";

/** Packages whose code is in what browsers load. */
export const IN_PAGES = ["preact", "uplot"] as const;

/**
 * Bundles every `src/web/browser/NAME/main.ts` or `.tsx` into `dist/web/assets/`, under names that change
 * with their content, each beside itself packed, and tells in `dist/web/pages.json` which page needs which.
 */
export async function buildPages(project: string): Promise<void> {
  const web = join(project, "dist/web");
  const assets = join(web, "assets");
  await rm(web, { recursive: true, force: true });
  const { metafile, outputFiles } = await build({
    absWorkingDir: project,
    entryPoints: await entryPoints(join(project, "src/web/browser")),
    outdir: assets,
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    bundle: true,
    splitting: true,
    minify: true,
    write: false,
    metafile: true,
    format: "esm",
    target: "es2022",
    jsx: "automatic",
    jsxImportSource: "preact",
    tsconfig: join(project, "src/web/browser/tsconfig.json"),
    // Their licences are told in one place.
    legalComments: "none",
    logLevel: "warning",
  });
  await mkdir(assets, { recursive: true });
  for (const { path, contents } of outputFiles) {
    await writeFile(path, contents);
    await writeFile(`${path}.gz`, gzipSync(contents, { level: 9 }));
  }
  await writeFile(join(web, "pages.json"), `${JSON.stringify(pagesOf(metafile), null, 2)}\n`);
  await writeFile(join(web, "NOTICES.txt"), await notices(join(project, "node_modules")));
}

async function entryPoints(browser: string): Promise<{ in: string; out: string }[]> {
  return (await readdir(browser)).flatMap((page) =>
    ["main.ts", "main.tsx"]
      .map((main) => join(browser, page, main))
      .filter(existsSync)
      .map((main) => ({ in: main, out: page })),
  );
}

const MAIN = /\/main\.tsx?$/;

function pagesOf({ outputs }: Metafile): Record<string, PageFiles> {
  const pages: Record<string, PageFiles> = {};
  for (const [file, { entryPoint, cssBundle, imports }] of Object.entries(outputs)) {
    // What a page imports while it runs is an entry point too.
    if (!entryPoint || !MAIN.test(entryPoint) || !file.endsWith(".js")) continue;
    const needed = imports.filter(({ kind }) => kind === "import-statement");
    pages[basename(dirname(entryPoint))] = {
      script: basename(file),
      style: cssBundle === undefined ? null : basename(cssBundle),
      preload: needed.map(({ path }) => basename(path)),
    };
  }
  return pages;
}

/** The licences of what others wrote in the pages, in full. */
async function notices(modules: string): Promise<string> {
  const texts = await Promise.all(
    IN_PAGES.map(async (name) => {
      const text = await readFile(join(modules, name, "LICENSE"), "utf8");
      return `Parts of ${name} are in the pages. Its licence:\n\n${text.trim()}\n`;
    }),
  );
  return texts.join("\n");
}
