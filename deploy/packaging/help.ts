/** One line of a list in a help text: an option, an argument or a command. */
export interface HelpItem {
  /** As `--format <server>` or `record [options]`. */
  readonly term: string;
  readonly text: string;
}

/** What the help text of a command tells. */
export interface Help {
  /** The words that call it, as `kms-box dns record`. */
  readonly name: string;
  /** What follows the name in the usage line. */
  readonly usage: string;
  readonly description: string;
  readonly arguments: readonly HelpItem[];
  readonly options: readonly HelpItem[];
  /** All but `help`. */
  readonly commands: readonly HelpItem[];
  /** Blocks of lines below the lists, as they are written. */
  readonly notes: readonly (readonly string[])[];
}

/** A command's help with that of the commands below it. */
export interface HelpTree extends Help {
  readonly children: readonly HelpTree[];
}

const LISTS = {
  "Arguments:": "arguments",
  "Options:": "options",
  "Commands:": "commands",
} as const;

/**
 * Reads a help text as the parser of the command line writes it.
 *
 * @throws {Error} it does not begin with a usage line of that command
 */
export function parseHelp(text: string, name: string): Help {
  const [first, ...blocks] = text
    .trimEnd()
    .split(/\n\n+/)
    .map((block) => block.split("\n"));
  const usage = first?.join(" ") ?? "";
  if (!usage.startsWith(`Usage: ${name}`)) throw new Error(`No help text of ${name}: ${usage}`);
  const lists = { arguments: [], options: [], commands: [] } as Record<string, readonly HelpItem[]>;
  const description: string[] = [];
  const notes: string[][] = [];
  let listed = false;
  for (const block of blocks) {
    const list = LISTS[block[0] as keyof typeof LISTS];
    if (list) lists[list] = parseItems(block.slice(1));
    else if (listed) notes.push(block);
    else description.push(block.join(" "));
    listed ||= list !== undefined;
  }
  return {
    name,
    usage: usage.slice(`Usage: ${name}`.length).trim(),
    description: description.join("\n"),
    arguments: lists.arguments ?? [],
    options: lists.options ?? [],
    commands: (lists.commands ?? []).filter(({ term }) => commandName(term) !== "help"),
    notes,
  };
}

/** `record` of `record [options]`. */
export function commandName(term: string): string {
  return term.split(/[ |]/)[0] ?? term;
}

/** Lines that are indented further than an item go on with the text above. */
function parseItems(lines: readonly string[]): HelpItem[] {
  const items: { term: string; text: string }[] = [];
  for (const line of lines) {
    const item = /^ {2}(\S.*?)(?: {2,}(.*))?$/.exec(line);
    const last = items.at(-1);
    if (item?.[1] !== undefined) items.push({ term: item[1], text: item[2] ?? "" });
    else if (last) last.text = `${last.text} ${line.trim()}`.trim();
  }
  return items;
}

/**
 * The help of a program and of all commands below it.
 *
 * @param ask returns the help text of the command that these words call
 */
export async function readHelpTree(
  words: readonly string[],
  ask: (words: readonly string[]) => Promise<string>,
): Promise<HelpTree> {
  const help = parseHelp(await ask(words), words.join(" "));
  const children: HelpTree[] = [];
  for (const { term } of help.commands) {
    children.push(await readHelpTree([...words, commandName(term)], ask));
  }
  return { ...help, children };
}
