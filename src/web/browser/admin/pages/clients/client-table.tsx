import { useMemo } from "preact/hooks";
import type { ClientPage } from "../../../../api/schemas.ts";
import { type Column, type Sorting, Table } from "../../parts/table.tsx";
import { Ago } from "../../parts/when.tsx";

export type Client = ClientPage["clients"][number];

/** The machines of one page. */
export function ClientTable(props: {
  readonly clients: readonly Client[];
  readonly isKnown: boolean;
  readonly search: string;
  readonly sorting: Sorting;
  readonly onShow: (client: Client) => void;
}) {
  const { clients, isKnown, search, sorting, onShow } = props;
  const columns = useMemo(() => columnsOf(onShow), [onShow]);
  if (!isKnown) return <p class="quiet">Loading…</p>;
  return (
    <Table
      caption="Machines that asked for activation"
      columns={columns}
      rows={clients}
      rowKey={({ cmid, product }) => `${cmid} ${product}`}
      sorting={sorting}
      empty={
        search === ""
          ? "No machine has asked yet. Clients find the box by DNS or on the same network."
          : `No machine has "${search}" in its name or CMID.`
      }
    />
  );
}

function columnsOf(onShow: (client: Client) => void): Column<Client>[] {
  return [
    {
      key: "hostname",
      title: "Name",
      sortable: true,
      cell: (client) => (
        <button type="button" class="button link row" onClick={() => onShow(client)}>
          {client.hostname}
        </button>
      ),
    },
    { key: "product", title: "Product", cell: ({ product }) => product },
    { key: "status", title: "State", cell: (client) => <State client={client} /> },
    {
      key: "lastContact",
      title: "Last asked",
      sortable: true,
      cell: ({ lastContact }) => <Ago at={lastContact} />,
    },
    {
      key: "daysLeft",
      title: "Days left",
      sortable: true,
      figures: true,
      cell: ({ daysLeft }) => daysLeft ?? "–",
    },
    { key: "cmid", title: "CMID", sortable: true, cell: ({ cmid }) => <code>{cmid}</code> },
  ];
}

function State({ client: { daysLeft } }: { readonly client: Client }) {
  if (daysLeft === null) return <span class="tag attention">not activated</span>;
  return daysLeft < 0 ? (
    <span class="tag wrong">lapsed</span>
  ) : (
    <span class="tag good">activated</span>
  );
}
