import { Command, Option } from "commander";
import { SCOPES, type Scope } from "../../web/api/access.ts";
import type { TokenAnswer } from "../../web/api/token-schemas.ts";
import { formatLogTime } from "../support/dates.ts";
import { print, remark } from "../support/lines.ts";
import { printJson } from "../support/output.ts";
import { type Column, tableLines } from "../support/table.ts";
import { AccessClient } from "./access-client.ts";
import { AdminClient } from "./admin-client.ts";
import { type BoxFlags, boxFolder, wholeNumber, withBox } from "./options.ts";

interface CreateFlags extends BoxFlags {
  readonly scope: readonly Scope[];
  readonly expiresDays?: number;
}

const LONGEST_DAYS = 3660;

/** `kms-box admin token`: what programs use the API by. */
export function adminTokenCommand(): Command {
  return new Command("token")
    .description("make, list and revoke the tokens by which programs use the API")
    .addHelpText("after", HELP)
    .addCommand(createCommand())
    .addCommand(listCommand())
    .addCommand(revokeCommand());
}

const HELP = `
Examples:
  kms-box admin token create monitoring --scope status --expires-days 365
  kms-box admin token list
  kms-box admin token revoke ID`;

function createCommand(): Command {
  return withBox(new Command("create"))
    .description("make a token; its secret is shown this once")
    .argument("<name>", "whose it is, as the audit log names it")
    .addOption(
      new Option("--scope <scope...>", "what it may do").choices(SCOPES).makeOptionMandatory(),
    )
    .addOption(
      new Option(
        "--expires-days <n>",
        "for how many days (default: until it is revoked)",
      ).argParser(wholeNumber("--expires-days", 1, LONGEST_DAYS)),
    )
    .addHelpText("after", CREATE_HELP)
    .action(async (name: string, flags: CreateFlags) => {
      const { scope, expiresDays } = flags;
      const asked = { name, scopes: [...scope], ...(expiresDays && { expiresDays }) };
      const made = await (await clientOf(flags)).createToken(asked);
      if (flags.json) return printJson(made);
      print(made.token);
      remark("Keep it now: it is not shown again. Send it as Authorization: Bearer TOKEN.");
    });
}

const CREATE_HELP = `
Scopes: status (what the public page shows too), clients (machines' names and what happened), manage
(licences, clients, DNS, clock, settings), system (restart, power off, reset, backup), administration
(password, tokens, audit log). The secret alone goes to standard output.

Examples:
  kms-box admin token create monitoring --scope status
  kms-box admin token create inventory --scope status clients --expires-days 90 --json`;

function listCommand(): Command {
  return withBox(new Command("list"))
    .description("list the tokens, without their secrets")
    .addHelpText("after", LIST_HELP)
    .action(async (flags: BoxFlags) => {
      const list = await (await clientOf(flags)).tokens();
      if (flags.json) printJson(list);
      else if (list.tokens.length === 0) print("There is no token.");
      else print(...tableLines(COLUMNS, list.tokens));
    });
}

const LIST_HELP = `
Examples:
  kms-box admin token list
  kms-box admin token list --json`;

function revokeCommand(): Command {
  return withBox(new Command("revoke"))
    .description("revoke a token; whatever uses it is refused from now on")
    .argument("<id>", "as in the list")
    .addHelpText("after", REVOKE_HELP)
    .action(async (id: string, flags: BoxFlags) => {
      const revoked = await (await clientOf(flags)).revokeToken(id);
      if (flags.json) printJson(revoked);
      else print(`The token "${revoked.name}" is revoked.`);
    });
}

const REVOKE_HELP = `
Examples:
  kms-box admin token revoke ID
  kms-box admin token revoke ID --json`;

async function clientOf(flags: BoxFlags): Promise<AccessClient> {
  return new AccessClient(new AdminClient(await boxFolder(flags)));
}

const time = (text: string | null, otherwise: string) =>
  text === null ? otherwise : formatLogTime(Date.parse(text));

const COLUMNS: readonly Column<TokenAnswer>[] = [
  { title: "ID", cell: ({ id }) => id },
  { title: "NAME", cell: ({ name }) => name },
  { title: "MAY", cell: ({ scopes }) => scopes.join(", ") },
  { title: "MADE", cell: ({ created }) => time(created, "") },
  { title: "ENDS", cell: ({ expires }) => time(expires, "never") },
  { title: "LAST USED", cell: ({ lastUsed }) => time(lastUsed, "never") },
];
