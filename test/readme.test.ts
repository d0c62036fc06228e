import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { commandName, type HelpTree, readHelpTree } from "../deploy/packaging/help.ts";
import { ConfigSchema, DnsDomainSchema } from "../src/config/schema.ts";
import { readSetup } from "../src/config/setup/read-setup.ts";
import { EVENTS } from "../src/domain/events.ts";
import { type ProgramName, runProgram } from "./support/box-process.ts";
import { blocks, chapter, page } from "./support/readme.ts";

const project = JSON.parse(readFileSync("package.json", "utf8"));

/** The rows of a table that begins with this cell, as cells. */
function table(text: string, firstCell: string): string[][] {
  const [, after] = text.split(new RegExp(`^\\| ${firstCell} .*\\n\\| -.*\\n`, "m"));
  assert.ok(after, `no table of ${firstCell}`);
  const lines = after.slice(0, after.search(/^(?!\|)/m)).trimEnd();
  return lines.split("\n").map((line) =>
    line
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim()),
  );
}

/** What stands between backticks. */
const names = (text = "") => [...text.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);
const firstNames = (rows: readonly string[][]) => rows.flatMap(([cell]) => names(cell));
const sorted = (list: readonly string[]) => [...list].sort();

/** As a page on the web names a heading in its address. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} -]/gu, "")
    .replaceAll(" ", "-");

interface Option {
  readonly type?: string;
  readonly enum?: readonly (string | number)[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Option>>;
}

/** Every option by its name with dots. */
function optionsOf(schema: Option, before = ""): [string, Option][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, option]) =>
    option.properties
      ? optionsOf(option, `${before}${name}.`)
      : ([[`${before}${name}`, option]] as [string, Option][]),
  );
}

describe("the README", () => {
  it("tells every event with its number, and no other", () => {
    const told = table(chapter("The event log"), "id").flatMap(([ids = "", events]) => {
      const numbers = ids.split(", ");
      assert.equal(numbers.length, names(events).length, ids);
      return names(events).map((name, at) => `${numbers[at]} ${name}`);
    });
    assert.deepEqual(
      told,
      Object.entries(EVENTS).map(([name, [id]]) => `${id} ${name}`),
    );
  });

  it("tells every option with its default and range, and no other", () => {
    const rows = table(chapter("Configuration"), "option");
    const options = optionsOf(ConfigSchema as Option);
    assert.deepEqual(sorted(firstNames(rows)), sorted(options.map(([name]) => name)));
    for (const [name, { enum: choices, default: value, minimum, maximum }] of options) {
      const [, usual = "", range = ""] = rows.find(([cell]) => names(cell).includes(name)) ?? [];
      const written = String(value);
      if (written === "") assert.equal(usual === "none" || name === "dns.host", true, name);
      else if (!Array.isArray(value)) {
        assert.equal(usual.replaceAll("`", "").split(",")[0], written, name);
      }
      if (minimum !== undefined) assert.ok(range.startsWith(`${minimum} to ${maximum}`), name);
      for (const choice of choices ?? []) {
        assert.ok(
          range
            .replaceAll("`", "")
            .split(/[,:] ?/)
            .includes(String(choice)),
          name,
        );
      }
    }
  });

  it("tells every option of a domain", () => {
    const told = firstNames(table(chapter("In DNS"), "of each domain"));
    assert.deepEqual(sorted(told), sorted(Object.keys(DnsDomainSchema.properties)));
  });

  it("tells every script of npm but those that others run", () => {
    const text = table(chapter("For developers"), "command").join("\n");
    const scripts = Object.keys(project.scripts).filter((name) => !/^pre|^build:/.test(name));
    const told = [...text.matchAll(/`npm (?:run )?([a-z:]+)`/g)].map(([, name = ""]) => name);
    assert.deepEqual(sorted(told), sorted(scripts));
  });

  it("gives a reason for every dependency, and for no other", () => {
    const { dependencies, optionalDependencies, devDependencies } = project;
    const text = chapter("For developers");
    assert.deepEqual(
      sorted(firstNames(table(text, "dependency"))),
      sorted(Object.keys({ ...dependencies, ...optionalDependencies })),
    );
    const [, tools] = /^(For making and testing it[\s\S]*?)\n\n/m.exec(text) ?? [];
    assert.deepEqual(sorted(names(tools)), sorted(Object.keys(devDependencies)));
  });

  it("has every folder of the sources, and of the adapters, in its layout", () => {
    const [, layout = ""] = /```\n(src\/\n[\s\S]*?)```/.exec(chapter("For developers")) ?? [];
    const told = [...layout.matchAll(/^ {2}([a-z]+)\//gm)].map(([, name = ""]) => name);
    assert.deepEqual(sorted(told), foldersOf("src"));
    const [, adapters = ""] = /^ {2}adapters\/ +(.*)$/m.exec(layout) ?? [];
    assert.deepEqual(
      adapters.split(" "),
      foldersOf("src/adapters").map((name) => `${name}/`),
    );
  });

  it("shows a short setup file that is right", () => {
    const [shown = ""] = blocks(chapter("2. Say what it is to be"), "json");
    assert.deepEqual(readSetup(Buffer.from(shown)).faults, []);
    assert.match(shown, /"hostName"/);
  });
});

describe("every document", () => {
  const ours = readdirSync(".").filter((name) => !/^(?:node_modules|build|dist|\.git)$/.test(name));
  const documents = ours.flatMap((name) => (name.endsWith(".md") ? [name] : documentsBelow(name)));

  it("links to files and headings that are there", () => {
    let links = 0;
    for (const path of documents) {
      for (const [, target = ""] of withoutCode(path).matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^https?:/.test(target)) continue;
        const [file = "", anchor] = target.split("#");
        const aim = file === "" ? path : join(dirname(path), file);
        assert.ok(existsSync(aim), `${path}: ${target}`);
        if (anchor !== undefined) assert.ok(anchorsOf(aim).includes(anchor), `${path}: ${target}`);
        links++;
      }
    }
    assert.ok(links > 50, String(links));
  });
});

describe("the commands in the README", function () {
  this.timeout(60_000);
  const trees = new Map<string, HelpTree>();

  before(async () => {
    const programs: ProgramName[] = ["kms-box", "kms-client", "kms-vendor"];
    await Promise.all(
      programs.map(async (name) => trees.set(name, await readHelpTree([name], askHelp))),
    );
  });

  it("are all that the host has, in its table", () => {
    const told = table(chapter("The host: `kms-box`"), "command").flatMap(([cell]) => {
      const [first = "", ...others] = names(cell);
      const [group] = first.split(" ");
      // "`dns status`, `publish`": what follows belongs to the same group.
      const all = [
        first,
        ...others.map((name) => (first.includes(" ") ? `${group} ${name}` : name)),
      ];
      return all.map((name) => name.replaceAll(/ (?:-|[A-Z]).*$/g, ""));
    });
    assert.deepEqual(sorted(told), leavesOf(trees.get("kms-box")));
  });

  it("are all that the vendor's tool has, in its table", () => {
    const told = firstNames(table(chapter("The vendor's tool: `kms-vendor`"), "command"));
    assert.deepEqual(sorted(told), leavesOf(trees.get("kms-vendor")));
  });

  it("are known to the programs, with every option", () => {
    const lines = commandLines();
    assert.ok(lines.length > 30, String(lines.length));
    for (const words of lines) {
      const line = words.join(" ");
      const tree = calledBy(words, trees.get(words[0] ?? ""));
      assert.ok(tree, `no such command: ${line}`);
      const known = tree.options.flatMap(({ term }) => term.match(/-{1,2}[a-z-]+/g) ?? []);
      for (const [option] of line.matchAll(/(?<= )--?[a-z-]+/g)) {
        assert.ok(known.includes(option), `${line}: ${option}`);
      }
    }
  });
});

/** The command that these words call; none if there is no such command. */
function calledBy(words: readonly string[], program: HelpTree | undefined): HelpTree | undefined {
  let tree = program;
  for (const word of words.slice(1)) {
    if (!tree || tree.children.length === 0 || word.startsWith("-")) break;
    tree = tree.children.find(({ name }) => name.endsWith(` ${word}`));
  }
  return tree;
}

function documentsBelow(path: string): string[] {
  if (!statSync(path).isDirectory()) return [];
  const entries = readdirSync(path, { recursive: true, encoding: "utf8" });
  return entries.filter((name) => name.endsWith(".md")).map((name) => join(path, name));
}

function foldersOf(path: string): string[] {
  const entries = readdirSync(path, { withFileTypes: true });
  return sorted(entries.filter((entry) => entry.isDirectory()).map(({ name }) => name));
}

function withoutCode(path: string): string {
  return readFileSync(path, "utf8").replaceAll(/^```[\s\S]*?^```$/gm, "");
}

function anchorsOf(path: string): string[] {
  return [...withoutCode(path).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    anchorOf(heading),
  );
}

async function askHelp([name, ...words]: readonly string[]): Promise<string> {
  const { status, stdout } = await runProgram(name as ProgramName, [...words, "--help"]);
  assert.equal(status, 0);
  return stdout;
}

/** The commands that have none below them, without the program's name. */
function leavesOf(tree: HelpTree | undefined): string[] {
  assert.ok(tree);
  const leaves = (each: HelpTree): string[] => [
    ...(doesSomething(each) ? [each.name.split(" ").slice(1).join(" ")] : []),
    ...each.children.flatMap(leaves),
  ];
  return sorted(leaves(tree));
}

/** A command that only groups others has no option but that for help. */
function doesSomething({ children, options, usage }: HelpTree): boolean {
  const isGroup = children.length > 0;
  return !isGroup || (usage !== "" && options.some(({ term }) => term.includes("--data")));
}

/** What blocks for a shell, and the text, have of this project's programs with arguments, as words. */
function commandLines(): string[][] {
  const scripts = blocks(page, "sh").flatMap((block) => block.replaceAll("\\\n", " ").split("\n"));
  const text = page.replaceAll(/^```[\s\S]*?^```$/gm, "");
  return [...scripts, ...names(text)]
    .map((line) => line.replace(/ +#.*$/, "").replace(/^(?:sudo|npx) /, ""))
    .filter((line) => /^kms-(?:box|client|vendor) /.test(line))
    .map((line) => line.split(/\s+/).map((word) => commandName(word)));
}
