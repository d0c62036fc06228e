import assert from "node:assert/strict";
import { parseHelp, readHelpTree } from "../../deploy/packaging/help.ts";

const PROGRAM = `Usage: box [options] [command]

counts what comes

Options:
  -V, --version              output the version number
  --format <server>          in the form of this server (choices: "bind", "windows",
                             default: "bind")
  -h, --help                 display help for command

Commands:
  show [options] [name]      show it
  help [command]             display help for command

Exit status: 0 done,
1 failed.

Examples:
  box show one
`;

const SHOW = `Usage: box show [options] [name]

show it

Arguments:
  name        what to show

Options:
  --dir <dir>  where it is
  -h, --help   display help for command
`;

describe("Reading a help text", () => {
  it("finds the description, each list with its wrapped lines, and the notes below", () => {
    const help = parseHelp(PROGRAM, "box");
    assert.equal(help.usage, "[options] [command]");
    assert.equal(help.description, "counts what comes");
    assert.deepEqual(help.options[1], {
      term: "--format <server>",
      text: 'in the form of this server (choices: "bind", "windows", default: "bind")',
    });
    assert.deepEqual(help.notes, [
      ["Exit status: 0 done,", "1 failed."],
      ["Examples:", "  box show one"],
    ]);
  });

  it("leaves out the command that only shows help", () => {
    const { commands } = parseHelp(PROGRAM, "box");
    assert.deepEqual(commands, [{ term: "show [options] [name]", text: "show it" }]);
  });

  it("refuses what is no help of that command", () => {
    assert.throws(() => parseHelp("Error: no such command", "box"), /No help text of box/);
  });

  it("goes down to every command", async () => {
    const asked: string[] = [];
    const tree = await readHelpTree(["box"], async (words) => {
      asked.push(words.join(" "));
      return words.length === 1 ? PROGRAM : SHOW;
    });
    assert.deepEqual(asked, ["box", "box show"]);
    assert.deepEqual(tree.children[0]?.arguments, [{ term: "name", text: "what to show" }]);
  });
});
