#!/usr/bin/env node
import { Command } from "commander";
import { VERSION } from "../version.ts";
import { runProgram } from "./support/run-program.ts";
import { initCommand } from "./vendor/init.ts";
import { inspectCommand } from "./vendor/inspect.ts";
import { issueCommand } from "./vendor/issue.ts";

const HELP = `
Examples:
  kms-vendor init --dir acme-keys --name "ACME Software"
  kms-vendor licence issue --dir acme-keys --host-key host.jwk --days 365 --out acme.licence \\
      --product "id=acme-cad,name=ACME CAD,application=acme,threshold=25"
  kms-vendor licence inspect acme.licence`;

const program = new Command("kms-vendor")
  .description("Makes a software vendor's keys and signs licences for KMS hosts.")
  .version(VERSION)
  .addHelpText("after", HELP);

await runProgram(program, (parent) => {
  const licence = new Command("licence")
    .description("issue and inspect licences")
    .addHelpText("after", HELP)
    .addCommand(issueCommand())
    .addCommand(inspectCommand());
  parent.addCommand(initCommand()).addCommand(licence);
});
