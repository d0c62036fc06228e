import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

interface Dependency {
  readonly name: string;
  readonly version: string;
  readonly license: string;
}

/**
 * The licence of the program and of everything packed with it.
 *
 * @param modules a `node_modules` with everything that is packed or compiled in
 * @param compiledIn packages whose code is part of the programs; their licences stand here in full
 */
export async function copyrightFile(
  licence: string,
  modules: string,
  compiledIn: readonly string[],
): Promise<string> {
  const dependencies = await readDependencies(modules);
  const texts = await Promise.all(compiledIn.map((name) => licenceText(join(modules, name))));
  return `KMS Box

${licence.trim()}

The packages below node_modules/ are under licences of their own, whose texts are in their folders in
/usr/lib/kms-box. Where one is Apache-2.0, its text is also in
/usr/share/common-licenses/Apache-2.0.

${dependencies.map(({ name, version, license }) => `  ${name} ${version}: ${license}`).join("\n")}
${compiledIn.map((name, index) => `\nParts of ${name} are in the programs. Its licence:\n\n${texts[index]?.trim()}\n`).join("")}`;
}

async function readDependencies(modules: string): Promise<Dependency[]> {
  const names = (await readdir(modules)).filter((name) => !name.startsWith("."));
  const found = await Promise.all(
    names.map(async (name) => {
      const folder = join(modules, name);
      if (name.startsWith("@")) return readDependencies(folder);
      return [JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as Dependency];
    }),
  );
  return found.flat().sort((one, other) => (one.name < other.name ? -1 : 1));
}

async function licenceText(folder: string): Promise<string> {
  const file = (await readdir(folder)).find((name) => /^licen[cs]e/i.test(name));
  return file === undefined ? "" : readFile(join(folder, file), "utf8");
}
