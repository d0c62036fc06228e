import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { bashCompletion } from "../../deploy/packaging/completion.ts";
import { TREE } from "./trees.ts";

const SCRIPT = bashCompletion(TREE);

/** What bash offers after these words, the last of which is being typed. */
function offers(...words: string[]): string[] {
  const program = `${SCRIPT}
compopt() { echo "as $*"; }
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _box
printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync("bash", ["-c", program, "bash", ...words], { encoding: "utf8" })
    .split("\n")
    .filter((line) => line !== "");
}

describe("Completion in bash", () => {
  it("offers commands and options of the program", () => {
    assert.deepEqual(offers("box", ""), ["dns", "-V", "--version"]);
  });

  it("offers the commands of a group", () => {
    assert.deepEqual(offers("box", "dns", "r"), ["record"]);
  });

  it("offers the options of a command, and goes on after one with a value", () => {
    const options = ["--format", "--dir", "--name", "--help"];
    assert.deepEqual(offers("box", "dns", "record", "--"), options);
    assert.deepEqual(offers("box", "dns", "record", "--name", "x", "--d"), ["--dir"]);
  });

  it("offers the choices of an option", () => {
    assert.deepEqual(offers("box", "dns", "record", "--format", ""), ["bind", "hosts"]);
  });

  it("offers folders where one is wanted, and nothing where only a person knows", () => {
    assert.deepEqual(offers("box", "dns", "record", "--dir", ""), ["as -o dirnames"]);
    assert.deepEqual(offers("box", "dns", "record", "--name", ""), []);
  });

  it("offers files after a command's last word", () => {
    assert.deepEqual(offers("box", "dns", "record", "./x"), ["as -o default"]);
  });
});
