import { commandName, type HelpItem, type HelpTree } from "./help.ts";

/** A script for bash by which the Tab key completes a program's commands, options and their values. */
export function bashCompletion(tree: HelpTree): string {
  const name = `_${tree.name.replaceAll("-", "_")}`;
  const all = flatten(tree);
  return `# Completion of ${tree.name} for bash; made from its help.
${name}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} at="" word words=""
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$at $word" in
${cases(all.slice(1).map((command) => [path(tree, command), 'at+=" $word"']))}
    esac
  done
  case "$at $prev" in
${cases(all.flatMap((command) => command.options.flatMap((option) => valueCases(path(tree, command), option))))}
  esac
  case "$at" in
${cases(all.map((command) => [path(tree, command), `words=${quoted(offered(command))}`]))}
  esac
  if [[ $cur != -* && -z $words ]]; then
    compopt -o default
    return
  fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
  [[ \${#COMPREPLY[@]} -gt 0 || $cur == -* ]] || compopt -o default
}
complete -F ${name} ${tree.name}
`;
}

/** The words that lead to a command, each after a space; empty for the program itself. */
function path(tree: HelpTree, command: HelpTree): string {
  return command.name.slice(tree.name.length);
}

function flatten(tree: HelpTree): HelpTree[] {
  return [tree, ...tree.children.flatMap(flatten)];
}

function offered({ commands, options }: HelpTree): string {
  const names = commands.map(({ term }) => commandName(term));
  return [...names, ...options.flatMap(({ term }) => flags(term))].join(" ");
}

/** `-h --help` of `-h, --help`. */
function flags(term: string): string[] {
  return term.split(/[ ,]+/).filter((word) => word.startsWith("-"));
}

/** What may follow an option; none for one that takes no value. */
function valueCases(at: string, { term, text }: HelpItem): [string, string][] {
  const value = /[<[]([^>\]]+)[>\]]/.exec(term)?.[1];
  if (value === undefined) return [];
  const reply = valueReply(value, text);
  return flags(term).map((flag) => [`${at} ${flag}`, `${reply}; return`]);
}

function valueReply(value: string, text: string): string {
  const choices = /choices: ((?:"[^"]+"(?:, )?)+)/.exec(text)?.[1];
  if (choices !== undefined) {
    const words = choices.replaceAll(/[",]/g, "").trim();
    return `mapfile -t COMPREPLY < <(compgen -W ${quoted(words)} -- "$cur")`;
  }
  if (value === "dir") return "compopt -o dirnames";
  return value === "file" ? "compopt -o default" : "COMPREPLY=()";
}

function cases(entries: readonly (readonly [string, string])[]): string {
  if (entries.length === 0) return "    *) ;;";
  return entries.map(([pattern, action]) => `    ${quoted(pattern)}) ${action} ;;`).join("\n");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
