import assert from "node:assert/strict";
import { type ProgramName, runProgram } from "../support/box-process.ts";

describe("wrong usage", () => {
  const wrong: [ProgramName, string[], string][] = [
    ["kms-box", ["statu"], "unknown command 'statu' (Did you mean status?): see kms-box --help."],
    [
      "kms-box",
      ["dns", "key", "set", "--loud"],
      "unknown option '--loud': see kms-box dns key set --help.",
    ],
    ["kms-client", ["status", "--loud"], "unknown option '--loud': see kms-client status --help."],
    ["kms-vendor", ["sing"], "unknown command 'sing': see kms-vendor --help."],
  ];
  for (const [program, args, message] of wrong) {
    it(`says where help is: ${program} ${args.join(" ")}`, async () => {
      const { status, stdout, stderr } = await runProgram(program, args);
      assert.deepEqual([status, stdout, stderr], [2, "", `Error: ${message}\n`]);
    });
  }

  it("is told as JSON too", async () => {
    const { status, stdout } = await runProgram("kms-box", ["statu", "--json"]);
    assert.equal(status, 2);
    assert.equal(JSON.parse(stdout).error.code, "usage");
  });

  it("is not to ask for help, which names each exit status on one line", async () => {
    const { status, stdout } = await runProgram("kms-box", ["--help"]);
    assert.equal(status, 0);
    assert.match(stdout, /; serve: 75 start me again\.\n/);
  });
});
