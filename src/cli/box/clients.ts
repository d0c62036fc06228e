import { Command, Option } from "commander";
import { SECOND_MS } from "../../domain/units.ts";
import { CLIENT_SORTS } from "../../services/client-list.ts";
import type { ClientPage, ClientQuery } from "../../web/api/schemas.ts";
import { formatLogTime } from "../support/dates.ts";
import { print } from "../support/lines.ts";
import { printJson } from "../support/output.ts";
import { type Column, tableLines } from "../support/table.ts";
import { AdminClient } from "./admin-client.ts";
import { clientsForgetCommand } from "./clients-forget.ts";
import { boxFolder, type WatchFlags, wholeNumber, withWatch } from "./options.ts";
import { type View, watch } from "./watch.ts";

type Client = ClientPage["clients"][number];
type ClientFlags = WatchFlags & Omit<ClientQuery, "offset">;

const MOST_CLIENTS = 100_000;

/** `kms-box clients`: every client that counts. */
export function clientsCommand(): Command {
  return withWatch(new Command("clients"))
    .description("list the clients that count")
    .addOption(new Option("--sort <column>", "sort by").choices(CLIENT_SORTS).default("hostname"))
    .addOption(new Option("--order <order>", "direction").choices(["asc", "desc"]).default("asc"))
    .option("--search <text>", "only those with this in the host name or CMID")
    .option("--product <id>", "only those of this product")
    .addOption(
      new Option("--limit <n>", "show at most so many")
        .argParser(wholeNumber("--limit", 1, MOST_CLIENTS))
        .default(1000),
    )
    .addHelpText("after", HELP)
    .addCommand(clientsForgetCommand())
    .action(async (flags: ClientFlags) => {
      const { sort, order, search, product, limit, json = false } = flags;
      const client = new AdminClient(await boxFolder(flags));
      const read = () => client.clients({ sort, order, search, product, limit });
      if (flags.watch) return watch(clientsView(read), json);
      const page = await read();
      if (json) printJson(page);
      else print(...pageLines(page));
    });
}

const HELP = `
Days left are those of the last lease; a client without one was counted, and not activated yet.
With --watch it is redrawn every second; into a pipe goes one line for each contact and each client
discarded, with --json the whole list at each change.

Examples:
  kms-box clients
  kms-box clients --sort lastContact --order desc --limit 10
  kms-box clients --search pc-01 --json
  kms-box clients forget pc-17`;

/** Clients as they ask, one after the other. */
export function clientsView(read: () => Promise<ClientPage>): View<ClientPage> {
  return {
    read,
    screen: pageLines,
    changes: changeLines,
    documents: (page, before) => (JSON.stringify(page) === JSON.stringify(before) ? [] : [page]),
  };
}

function changeLines({ clients }: ClientPage, before: ClientPage | undefined): string[] {
  const known = new Map(before?.clients.map((client) => [keyOf(client), client]));
  const heard = clients.filter((client) => {
    const last = known.get(keyOf(client));
    known.delete(keyOf(client));
    return (
      last?.lastContact !== client.lastContact || last.activatedUntil !== client.activatedUntil
    );
  });
  return [
    ...heard.map((client) => COLUMNS.map((column) => column.cell(client)).join("  ")),
    ...[...known.values()].map(({ hostname, cmid }) => `${hostname}  ${cmid}  no longer shown`),
  ];
}

function keyOf({ cmid, product }: Client): string {
  return `${cmid} ${product}`;
}

function pageLines({ total, clients }: ClientPage): string[] {
  if (total === 0) return ["No client matches."];
  const shown = clients.length === total ? "" : `; ${clients.length} are shown (--limit)`;
  return [
    ...tableLines(COLUMNS, clients),
    "",
    `${total} ${total === 1 ? "client" : "clients"}${shown}`,
  ];
}

const COLUMNS: readonly Column<Client>[] = [
  { title: "HOST NAME", cell: ({ hostname }) => hostname },
  { title: "CMID", cell: ({ cmid }) => cmid },
  { title: "PRODUCT", cell: ({ product }) => product },
  { title: "FIRST CONTACT", cell: ({ firstContact }) => formatLogTime(firstContact * SECOND_MS) },
  { title: "LAST CONTACT", cell: ({ lastContact }) => formatLogTime(lastContact * SECOND_MS) },
  {
    title: "DAYS LEFT",
    align: "right",
    cell: ({ daysLeft }) => (daysLeft === null ? "not activated" : String(daysLeft)),
  },
];
