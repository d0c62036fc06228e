#!/usr/bin/env node
import { Command } from "commander";
import { VERSION } from "../version.ts";
import { addActivate } from "./client/activate.ts";
import { addDiscover } from "./client/discover.ts";
import { addDoctor } from "./client/doctor.ts";
import { CLIENT_EXIT_STATUSES } from "./client/exit-statuses.ts";
import { addHosts } from "./client/hosts.ts";
import { addRearm } from "./client/rearm.ts";
import { addRun } from "./client/run.ts";
import { addStatus } from "./client/status.ts";
import { addVerify } from "./client/verify.ts";
import { runProgram } from "./support/run-program.ts";

const HELP = `
Exit status: 0 activated or done, 2 wrong usage, 3 refused because too few clients have asked,
4 no host found or reached, 5 answer or lease not trusted, 1 anything else.

Examples:
  kms-client activate --product office-suite --vendor-key vendor.pub.jwk
  kms-client status
  kms-client run --product office-suite`;

const program = new Command("kms-client")
  .description("activates the software on this machine by the KMS host of its network")
  .version(VERSION)
  .addHelpText("after", HELP);
const ADDERS = [
  addActivate,
  addStatus,
  addRun,
  addDiscover,
  addDoctor,
  addVerify,
  addRearm,
  addHosts,
];

await runProgram(
  program,
  (parent) => {
    for (const add of ADDERS) add(parent);
  },
  CLIENT_EXIT_STATUSES,
);
