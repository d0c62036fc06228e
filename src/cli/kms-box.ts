#!/usr/bin/env node
import { Command } from "commander";
import { serveCommand } from "./box/serve.ts";

const program = new Command("kms-box").description("KMS host: counts clients and activates them");
program.addCommand(serveCommand());
await program.parseAsync();
