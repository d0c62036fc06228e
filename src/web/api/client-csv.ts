import { SECOND_MS } from "../../domain/units.ts";
import { csvLine } from "../../protocol/csv.ts";
import type { ClientView } from "../../services/client-view.ts";

/** Lines that are sent together. */
const LINES = 200;

const COLUMNS = [
  "hostname",
  "cmid",
  "product",
  "application",
  "agent",
  "status",
  "firstContact",
  "lastContact",
  "activatedUntil",
] as const;

/** Clients as comma-separated values, the column names first; times are ISO 8601. */
export function* clientCsv(clients: Iterable<ClientView>): Generator<string> {
  let text = csvLine(COLUMNS);
  let lines = 1;
  for (const client of clients) {
    text += csvLine(COLUMNS.map((column) => cell(client, column)));
    if (++lines % LINES !== 0) continue;
    yield text;
    text = "";
  }
  yield text;
}

function cell(client: ClientView, column: (typeof COLUMNS)[number]) {
  const value = client[column];
  return typeof value === "number" ? new Date(value * SECOND_MS).toISOString() : value;
}
