import type { ComponentChildren } from "preact";

export interface Column<Row> {
  readonly key: string;
  readonly title: string;
  readonly cell: (row: Row) => ComponentChildren;
  /** Sorted by the box. */
  readonly sortable?: boolean;
  /** Right-aligned figures. */
  readonly figures?: boolean;
}

export interface Sorting {
  readonly by: string;
  readonly order: "asc" | "desc";
  readonly onSort: (by: string, order: "asc" | "desc") => void;
}

interface TableProps<Row> {
  /** What the table holds, for a screen reader. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly sorting?: Sorting;
  /** Said where there is no row. */
  readonly empty: ComponentChildren;
}

/** Rows under titles. On a narrow screen each row becomes a card that names its cells. */
export function Table<Row>(props: TableProps<Row>) {
  const { caption, columns, rows, rowKey, sorting, empty } = props;
  if (rows.length === 0) return <p class="quiet">{empty}</p>;
  return (
    <table class="table">
      <caption class="unseen">{caption}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <Title key={column.key} column={column} sorting={sorting} />
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={rowKey(row)}>
            {columns.map(({ key, title, cell, figures }) => (
              <td key={key} class={figures ? "figures" : undefined} data-title={title}>
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Title<Row>(props: {
  readonly column: Column<Row>;
  readonly sorting: Sorting | undefined;
}) {
  const { column, sorting } = props;
  const style = column.figures ? "figures" : undefined;
  if (!column.sortable || !sorting) {
    return (
      <th scope="col" class={style}>
        {column.title}
      </th>
    );
  }
  const isBy = sorting.by === column.key;
  const next = isBy && sorting.order === "asc" ? "desc" : "asc";
  const standing = sorting.order === "asc" ? "ascending" : "descending";
  return (
    <th scope="col" class={style} aria-sort={isBy ? standing : "none"}>
      <button type="button" class="sort" onClick={() => sorting.onSort(column.key, next)}>
        {column.title}
        <span aria-hidden="true">{isBy ? (sorting.order === "asc" ? " ▲" : " ▼") : " ↕"}</span>
      </button>
    </th>
  );
}
