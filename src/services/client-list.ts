import type { ClientView } from "./client-view.ts";

/** What a list of clients can be sorted by. */
export const CLIENT_SORTS = [
  "hostname",
  "cmid",
  "firstContact",
  "lastContact",
  "daysLeft",
] as const;

export interface ClientSelection {
  /** Part of the host name or the CMID, in any case. */
  readonly search?: string | undefined;
  readonly product?: string | undefined;
  readonly sort: (typeof CLIENT_SORTS)[number];
  readonly order: "asc" | "desc";
  readonly offset: number;
  readonly limit: number;
}

/** Which clients are meant, whatever their order. */
export type ClientFilter = Pick<ClientSelection, "search" | "product">;

/** The clients that match, in the order that they come. */
export function* matchingClients(
  clients: Iterable<ClientView>,
  { search, product }: ClientFilter,
): Generator<ClientView> {
  const wanted = search?.toLowerCase();
  for (const client of clients) {
    if (product !== undefined && client.product !== product) continue;
    const { hostname, cmid } = client;
    const isWanted =
      wanted === undefined || hostname.toLowerCase().includes(wanted) || cmid.includes(wanted);
    if (isWanted) yield client;
  }
}

/** One page of the clients that match, in the order asked for; ties by CMID. */
export function selectClients(
  clients: Iterable<ClientView>,
  { search, product, sort, order, offset, limit }: ClientSelection,
): { total: number; clients: ClientView[] } {
  const matching = [...matchingClients(clients, { search, product })];
  const sign = order === "asc" ? 1 : -1;
  matching.sort(
    (a, b) =>
      sign * compare(a[sort], b[sort]) || compare(a.cmid, b.cmid) || compare(a.product, b.product),
  );
  return { total: matching.length, clients: matching.slice(offset, offset + limit) };
}

/** Clients without a lease come first, as those that an administrator looks for. */
function compare(a: string | number | null, b: string | number | null): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  return a < b ? -1 : 1;
}
