import type { Help, HelpItem, HelpTree } from "./help.ts";

export interface ManualFacts {
  readonly version: string;
  /** As `2026-11-22`. */
  readonly date: string;
  /** One line of each: what else to read. */
  readonly seeAlso: readonly string[];
  /** Files that belong to the program, with what they are. */
  readonly files: readonly HelpItem[];
}

/** A manual page of section 1, as the macros of man(7), made from a program's help. */
export function manualPage(tree: HelpTree, facts: ManualFacts): string {
  const title = tree.name.toUpperCase();
  return [
    `.TH ${quoted(title)} 1 ${quoted(facts.date)} ${quoted(`KMS Box ${facts.version}`)} "KMS Box"`,
    ".SH NAME",
    `${roff(tree.name)} \\- ${roff(withoutStop(tree.description))}`,
    ".SH SYNOPSIS",
    `.B ${roff(tree.name)}`,
    roff(tree.usage),
    ".SH DESCRIPTION",
    ...paragraphs(tree.description),
    ...body(tree),
    ...(tree.children.length > 0 ? [".SH COMMANDS", ...commandLines(tree)] : []),
    ".SH FILES",
    ...itemLines(facts.files),
    ".SH SEE ALSO",
    roff(facts.seeAlso.join(", ")),
    "",
  ].join("\n");
}

/** Every command below, each with its whole name; a group of commands has no entry of its own. */
function commandLines(tree: HelpTree): string[] {
  return tree.children.flatMap((child) => [
    `.SS ${quoted(`${child.name} ${child.usage}`.trim())}`,
    ...paragraphs(child.description),
    ...body(child),
    ...commandLines(child),
  ]);
}

function body(help: Help): string[] {
  const options = help.options.filter(({ term }) => !term.startsWith("-h, --help"));
  return [
    ...itemLines(help.arguments),
    ...itemLines(options),
    ...help.notes.flatMap((block) => noteLines(block)),
  ];
}

function itemLines(items: readonly HelpItem[]): string[] {
  return items.flatMap(({ term, text }) => [".TP", `.B ${roff(term)}`, roff(text) || "\\&"]);
}

/** Indented lines are examples and stay as they are. */
function noteLines(block: readonly string[]): string[] {
  const lines: string[] = [".PP"];
  let verbatim = false;
  for (const line of block) {
    const indented = line.startsWith("  ");
    if (indented !== verbatim) lines.push(...(indented ? [".RS 4", ".nf"] : [".fi", ".RE", ".PP"]));
    verbatim = indented;
    lines.push(roff(indented ? line.slice(2) : line));
  }
  return verbatim ? [...lines, ".fi", ".RE"] : lines;
}

function paragraphs(text: string): string[] {
  return text
    .split("\n")
    .flatMap((line, index) => (index > 0 ? [".PP", roff(line)] : [roff(line)]));
}

function withoutStop(text: string): string {
  return (text.split("\n")[0] ?? "").replace(/\.$/, "");
}

function quoted(text: string): string {
  return `"${roff(text).replaceAll('"', "\\(dq")}"`;
}

/** Text in which nothing is taken for a command of the typesetter. */
function roff(text: string): string {
  return text
    .replaceAll("\\", "\\(rs")
    .replaceAll("-", "\\-")
    .replaceAll("’", "\\(cq")
    .replaceAll("…", "\\&...")
    .replaceAll("–", "\\(en")
    .replace(/^([.'])/, "\\&$1");
}
