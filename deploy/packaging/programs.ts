import { chmod, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build, type Metafile } from "esbuild";

/** Native add-ons, with what they need: the only packages that a program reads while it runs. */
export const ADDONS = ["i2c-bus", "onoff"] as const;

/**
 * Programs that are started by name, and what starts them, which finds them beside itself; relative to
 * what the compiler wrote.
 */
export const STARTED = [
  "cli/kms-*.js",
  "cli/box/demo/client-*.js",
  "adapters/keys/certificate-*.js",
] as const;

/** For programs of others. */
const LIBRARY = "client/index.js";

/** fastify's own compilers of schemas, which it loads only where it is given no others. */
const NEVER_LOADED = ["@fastify/ajv-compiler", "@fastify/fast-json-stringify-compiler"];

const ABSENT = join(import.meta.dirname, "absent.ts");

/** Packages that are no ES modules load Node's own by `require`. */
const REQUIRE =
  'import { createRequire as requireOfThisFile } from "node:module";\n' +
  "const require = requireOfThisFile(import.meta.url);";

/**
 * Bundles the programs and all that they need into a few files, as reading hundreds of small ones makes
 * the start half as long again on a small machine; `dist/NOTICES.txt` holds the licences of all of it.
 */
export async function buildPrograms(project: string): Promise<void> {
  const dist = join(project, "dist");
  for (const old of ["adapters", "chunks", "cli", "client"]) {
    await rm(join(dist, old), { recursive: true, force: true });
  }
  const { metafile } = await build({
    absWorkingDir: project,
    entryPoints: [...STARTED, LIBRARY].map((pattern) => `build/package/${pattern}`),
    outbase: "build/package",
    outdir: "dist",
    chunkNames: "chunks/[name]-[hash]",
    bundle: true,
    splitting: true,
    minifySyntax: true,
    minifyWhitespace: true,
    metafile: true,
    platform: "node",
    format: "esm",
    external: [...ADDONS],
    alias: Object.fromEntries(NEVER_LOADED.map((name) => [name, ABSENT])),
    banner: { js: REQUIRE },
    legalComments: "none",
    logLevel: "warning",
  });
  await writeFile(join(dist, "NOTICES.txt"), await notices(project, metafile));
  for (const name of await readdir(join(dist, "cli"))) {
    if (name.startsWith("kms-")) await chmod(join(dist, "cli", name), 0o755);
  }
}

/** The licences of what others wrote in the programs, in full. */
async function notices(project: string, { inputs }: Metafile): Promise<string> {
  const folders = new Set(
    Object.keys(inputs).flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []),
  );
  const texts = [...folders].toSorted().map((folder) => notice(join(project, folder)));
  return (await Promise.all(texts)).join("\n");
}

/** What a package says of its licence. */
export async function notice(folder: string): Promise<string> {
  const text = await readFile(join(folder, "package.json"), "utf8");
  const { name, version, license } = JSON.parse(text) as Record<string, string>;
  const file = (await readdir(folder)).find((each) => /^(licen[cs]e|copying)/i.test(each));
  const licence = file === undefined ? "" : await readFile(join(folder, file), "utf8");
  return `Parts of ${name} ${version} are in the programs, under ${license}.\n\n${licence.trim()}\n`;
}
