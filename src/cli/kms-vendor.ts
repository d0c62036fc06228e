#!/usr/bin/env node
import { Command } from "commander";
import { VERSION } from "../version.ts";
import { runProgram } from "./support/run-program.ts";
import { initCommand } from "./vendor/init.ts";
import { inspectCommand } from "./vendor/inspect.ts";
import { issueCommand } from "./vendor/issue.ts";
import { packageSignCommand } from "./vendor/package-sign.ts";
import { packageVerifyCommand } from "./vendor/package-verify.ts";

const HELP = `
Examples:
  kms-vendor init --dir acme-keys --name "ACME Software"
  kms-vendor licence issue --dir acme-keys --host-key host.jwk --days 365 --out acme.licence \\
      --product "id=acme-cad,name=ACME CAD,application=acme,threshold=25"
  kms-vendor licence inspect acme.licence`;

const PACKAGE_HELP = `
Examples:
  kms-vendor package sign kms-box_1.2.0_arm64.deb --key release-keys/vendor.jwk --out 1.2.0.jws
  kms-vendor package verify kms-box_1.2.0_arm64.deb --signature 1.2.0.jws \\
      --key release-keys/vendor.pub.jwk`;

const program = new Command("kms-vendor")
  .description("Makes a software vendor's keys, signs licences for KMS hosts, and signs packages.")
  .version(VERSION)
  .addHelpText("after", HELP);

await runProgram(program, (parent) => {
  const licence = new Command("licence")
    .description("issue and inspect licences")
    .addHelpText("after", HELP)
    .addCommand(issueCommand())
    .addCommand(inspectCommand());
  const packages = new Command("package")
    .description("sign and verify packages of the box")
    .addHelpText("after", PACKAGE_HELP)
    .addCommand(packageSignCommand())
    .addCommand(packageVerifyCommand());
  parent.addCommand(initCommand()).addCommand(licence).addCommand(packages);
});
