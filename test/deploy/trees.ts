import type { HelpTree } from "../../deploy/packaging/help.ts";

/** A command's help in which nothing is told but what is given. */
export function helpTree(told: Partial<HelpTree> & { readonly name: string }): HelpTree {
  return {
    usage: "",
    description: "does it",
    arguments: [],
    options: [],
    commands: [],
    notes: [],
    children: [],
    ...told,
  };
}

/** A program with one group of commands. */
export const TREE = helpTree({
  name: "box",
  usage: "[options] [command]",
  options: [{ term: "-V, --version", text: "output the version number" }],
  commands: [{ term: "dns", text: "names" }],
  children: [
    helpTree({
      name: "box dns",
      commands: [{ term: "record [options]", text: "print" }],
      children: [
        helpTree({
          name: "box dns record",
          usage: "[options]",
          description: 'print "it"',
          options: [
            { term: "--format <server>", text: 'form (choices: "bind", "hosts", default: "bind")' },
            { term: "--dir <dir>", text: "where" },
            { term: "--name <name>", text: "whose" },
            { term: "-h, --help", text: "display help for command" },
          ],
          notes: [["Examples:", "  box dns record \\", "    --dir .here"]],
        }),
      ],
    }),
  ],
});
