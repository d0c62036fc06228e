import { useEffect, useState } from "preact/hooks";
import type { ClientPage, Status } from "../../../../api/schemas.ts";
import { useResource } from "../../hooks/use-resource.ts";
import { keepInAddress, readRoute } from "../../hooks/use-route.ts";
import { announce } from "../../parts/announcer.tsx";
import { Download } from "../../parts/download.tsx";
import { ChoiceField, TextField } from "../../parts/fields.tsx";
import { Fault } from "../../parts/messages.tsx";
import { Page } from "../../parts/page.tsx";
import { Pager } from "../../parts/pager.tsx";
import { type Client, ClientTable } from "./client-table.tsx";
import { ClientWindow } from "./client-window.tsx";

const PAGE_SIZE = 50;
const EVERY_MS = 5000;

interface Selection {
  readonly search: string;
  readonly product: string;
  readonly sort: string;
  readonly order: "asc" | "desc";
  readonly offset: number;
}

/** Every machine that counts. The box searches and sorts, and hands out one page. */
export function ClientsPage() {
  const [selection, setSelection] = useState(readSelection);
  const [shown, setShown] = useState<Client>();
  const change = (part: Partial<Selection>) => setSelection({ ...selection, offset: 0, ...part });
  useEffect(() => keepSelection(selection), [selection]);
  const page = useResource<ClientPage>(`/api/v1/clients?${queryOf(selection)}`, EVERY_MS);
  const total = page.data?.total ?? 0;
  useTold(page.data, selection.search);
  return (
    <Page
      title="Clients"
      about="Every machine that has asked for activation within the retention."
      acts={
        <Download path={`/api/v1/clients.csv?${filterOf(selection)}`} name="clients.csv">
          Save as CSV
        </Download>
      }
    >
      <search class="tools">
        <TextField
          label="Search by name or CMID"
          type="search"
          value={selection.search}
          onInput={(search) => change({ search })}
          maxLength={255}
        />
        <ProductChoice value={selection.product} onInput={(product) => change({ product })} />
      </search>
      <Fault error={page.error} />
      <div class="card">
        <ClientTable
          clients={page.data?.clients ?? []}
          isKnown={page.data !== undefined}
          search={selection.search}
          sorting={{
            by: selection.sort,
            order: selection.order,
            onSort: (sort, order) => change({ sort, order }),
          }}
          onShow={setShown}
        />
        <Pager
          offset={selection.offset}
          size={PAGE_SIZE}
          total={total}
          noun="records"
          onTurn={(offset) => change({ offset })}
        />
      </div>
      {shown ? (
        <ClientWindow
          client={shown}
          onClose={() => setShown(undefined)}
          onForgotten={() => {
            setShown(undefined);
            page.reload();
          }}
        />
      ) : null}
    </Page>
  );
}

function ProductChoice(props: { readonly value: string; readonly onInput: (id: string) => void }) {
  const products = useResource<Status>("/api/v1/status").data?.products ?? [];
  if (products.length < 2) return null;
  const choices = products.map(({ id, name }) => [id, name] as const);
  return <ChoiceField label="Product" choices={[["", "All"], ...choices]} {...props} />;
}

/** Tells a screen reader how many were found, once the typing pauses. */
function useTold(page: ClientPage | undefined, search: string): void {
  const total = page?.total;
  useEffect(() => {
    if (total === undefined || search === "") return undefined;
    const timer = setTimeout(() => announce(`${total} found`), 700);
    return () => clearTimeout(timer);
  }, [total, search]);
}

function readSelection(): Selection {
  const { query } = readRoute();
  return {
    search: query.get("search") ?? "",
    product: query.get("product") ?? "",
    sort: query.get("sort") ?? "hostname",
    order: query.get("order") === "desc" ? "desc" : "asc",
    offset: Math.max(0, Math.trunc(Number(query.get("offset") ?? 0)) || 0),
  };
}

function keepSelection({ search, product, sort, order, offset }: Selection): void {
  keepInAddress("clients", {
    search,
    product,
    sort: sort === "hostname" ? "" : sort,
    order: order === "asc" ? "" : order,
    offset: offset === 0 ? "" : String(offset),
  });
}

function queryOf(selection: Selection): string {
  const { sort, order, offset } = selection;
  const filter = filterOf(selection);
  for (const [name, value] of Object.entries({ sort, order, offset, limit: PAGE_SIZE })) {
    filter.set(name, String(value));
  }
  return filter.toString();
}

function filterOf({ search, product }: Selection): URLSearchParams {
  const filter = new URLSearchParams();
  if (search !== "") filter.set("search", search);
  if (product !== "") filter.set("product", product);
  return filter;
}
