import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

interface Dependency {
  readonly name: string;
  readonly version: string;
  readonly license: string;
}

/** The terms that Debian has on every machine and wants to see named, not copied (policy, 12.5). */
const APACHE_2 = /Apache License\s+Version 2\.0[\s\S]*?END OF TERMS AND CONDITIONS/g;

export interface CopyrightParts {
  /** The program's own. */
  readonly licence: string;
  /** The `node_modules` that is packed. */
  readonly modules: string;
  /** The licences of what is part of the programs, in full. */
  readonly notices: readonly string[];
}

/** The licence of the program and of everything packed with it. */
export async function copyrightFile({
  licence,
  modules,
  notices,
}: CopyrightParts): Promise<string> {
  const dependencies = await readDependencies(modules);
  return `KMS Box

${licence.trim()}

The packages below node_modules/ are under licences of their own, whose texts are in their folders in
/usr/lib/kms-box. Where one is Apache-2.0, its text is also in
/usr/share/common-licenses/Apache-2.0.

${dependencies.map(({ name, version, license }) => `  ${name} ${version}: ${license}`).join("\n")}

${notices.join("\n").replaceAll(APACHE_2, "Its text is in /usr/share/common-licenses/Apache-2.0.")}`;
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
