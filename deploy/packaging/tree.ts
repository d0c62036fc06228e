import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { bashCompletion } from "./completion.ts";
import { debianChangelog } from "./control.ts";
import { copyrightFile } from "./copyright.ts";
import { type HelpItem, type HelpTree, readHelpTree } from "./help.ts";
import { manualPage } from "./manual.ts";
import { compiledIn, copy } from "./program-tree.ts";
import { run } from "./run.ts";
import { readSystemFiles, type SystemFiles } from "./system-files.ts";

export const PROGRAMS = ["kms-box", "kms-client", "kms-vendor"] as const;

const DEPLOY = join(import.meta.dirname, "..");

/** Less memory for less speed, of which a box with an office of clients has plenty. */
const FLAGS: Readonly<Record<string, string>> = {
  "kms-box":
    "--max-semi-space-size=1 --single-threaded-gc --v8-pool-size=1 --no-sparkplug --optimize-for-size ",
};

const MANUAL_FILES: readonly HelpItem[] = [
  {
    term: "/etc/kms-box/config.json, /etc/kms-box/config.d/*.json",
    text: "Configuration of the host; the latter are merged over the former, in order of their names.",
  },
  { term: "/etc/kms-box/keys/", text: "Keys for the name servers, readable by the host only." },
  { term: "/var/lib/kms-box/", text: "State of the host: licences, clients, key pair." },
];

/** Files under `deploy/files/`, and where they go. */
const PLACES: Readonly<Record<string, string>> = {
  "sysusers.conf": "usr/lib/sysusers.d/kms-box.conf",
  "tmpfiles.conf": "usr/lib/tmpfiles.d/kms-box.conf",
  "access.rules": "usr/lib/udev/rules.d/60-kms-box-access.rules",
  "modules-load.conf": "usr/lib/modules-load.d/kms-box.conf",
  "config.json": "etc/kms-box/config.json",
  "lintian-overrides": "usr/share/lintian/overrides/kms-box",
};

/** What units start, and the files under `deploy/upgrade/` that it is made of. */
const UPGRADE_SCRIPTS: Readonly<Record<string, string>> = {
  "upgrade-check": "check.sh",
  "page-verify": "page-verify.sh",
  "page-install": "page-install.sh",
};

export interface TreeOptions {
  readonly project: string;
  readonly tree: string;
  readonly version: string;
  readonly epochSeconds: number;
  /** A `node_modules` with the production dependencies. */
  readonly modules: string;
}

/** All of the package but the program itself: what the system reads, and the maintainer scripts. */
export async function placeSystemTree(options: TreeOptions): Promise<void> {
  const { project, tree, version } = options;
  const system = await readSystemFiles(project);
  for (const { from, to } of system.files) await copy(from, join(tree, to));
  for (const [name, to] of Object.entries(PLACES)) {
    await copy(join(DEPLOY, "files", name), join(tree, to));
  }
  await placeReadonly(tree);
  for (const program of PROGRAMS) await placeProgram(program, options);
  await placeDocuments(options);
  await placeScripts(tree, version, system);
}

/** What keeps the root file system from being written. */
async function placeReadonly(tree: string): Promise<void> {
  const from = join(DEPLOY, "readonly");
  await copy(join(from, "kms-box-readonly.sh"), join(tree, "usr/sbin/kms-box-readonly"));
  const manual = await readFile(join(from, "kms-box-readonly.8"), "utf8");
  await write(join(tree, "usr/share/man/man8/kms-box-readonly.8.gz"), packed(manual));
}

async function placeProgram(program: string, options: TreeOptions): Promise<void> {
  const { project, tree, version, epochSeconds } = options;
  const wrapper = await readFile(join(DEPLOY, "files/wrapper.sh"), "utf8");
  await write(
    join(tree, "usr/bin", program),
    wrapper.replace("@FLAGS@", FLAGS[program] ?? "").replace("@PROGRAM@", program),
  );
  const help = await programHelp(project, program);
  const manual = manualPage(help, {
    version,
    date: new Date(epochSeconds * 1000).toISOString().slice(0, 10),
    files: MANUAL_FILES,
    seeAlso: PROGRAMS.filter((name) => name !== program).map((name) => `${name}(1)`),
  });
  await write(join(tree, `usr/share/man/man1/${program}.1.gz`), packed(manual));
  const completion = join(tree, "usr/share/bash-completion/completions", program);
  await write(completion, bashCompletion(help));
}

/** The help of a built program and all its commands, as the programs themselves print it. */
export function programHelp(project: string, program: string): Promise<HelpTree> {
  const file = join(project, "dist/cli", `${program}.js`);
  return readHelpTree([program], (words) =>
    run(process.execPath, [file, ...words.slice(1), "--help"]),
  );
}

async function placeDocuments(options: TreeOptions): Promise<void> {
  const { project, tree, version, epochSeconds, modules } = options;
  const documents = join(tree, "usr/share/doc/kms-box");
  const changelog = await readFile(join(project, "CHANGELOG.md"), "utf8");
  const licence = await readFile(join(project, "LICENSE"), "utf8");
  await write(
    join(documents, "changelog.gz"),
    packed(debianChangelog(changelog, version, epochSeconds)),
  );
  const programs = await readFile(join(project, "dist/NOTICES.txt"), "utf8");
  const pages = await readFile(join(project, "dist/web/NOTICES.txt"), "utf8");
  const copyright = await copyrightFile({
    licence,
    modules: join(tree, "usr/lib/kms-box", version, "node_modules"),
    notices: [await compiledIn(modules), programs, pages],
  });
  await write(join(documents, "copyright"), copyright);
}

async function placeScripts(tree: string, version: string, system: SystemFiles): Promise<void> {
  const { units, enabled, stateFolders } = system;
  const started = enabled.filter((unit) => unit === "kms-box.service" || unit.endsWith(".timer"));
  const words = {
    VERSION: version,
    UNITS: units.join(" "),
    ENABLED: enabled.join(" "),
    STARTED: started.join(" "),
    STATE_FOLDERS: stateFolders.join(" "),
    COMMON: (await readFile(join(DEPLOY, "upgrade/common.sh"), "utf8")).trimEnd(),
    PAGE: (await readFile(join(DEPLOY, "upgrade/page.sh"), "utf8")).trimEnd(),
  };
  const fill = async (script: string) =>
    Object.entries(words).reduce(
      (text, [word, value]) => text.replaceAll(`@${word}@`, () => value),
      await readFile(join(DEPLOY, script), "utf8"),
    );
  for (const name of await readdir(join(DEPLOY, "scripts"))) {
    await write(join(tree, "DEBIAN", name), await fill(`scripts/${name}`));
  }
  for (const [name, script] of Object.entries(UPGRADE_SCRIPTS)) {
    await write(join(tree, "usr/lib/kms-box", name), await fill(`upgrade/${script}`));
  }
}

/** Without a name or a time, which would differ from build to build. */
function packed(text: string): Buffer {
  return gzipSync(text, { level: 9 });
}

async function write(path: string, content: string | Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}
