import type { ForecastAnswer } from "../../../../api/insight-schemas.ts";
import { useResource } from "../../hooks/use-resource.ts";
import { CountChart } from "../../parts/count-chart.tsx";
import { Loaded, Notice } from "../../parts/messages.tsx";
import { Section } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { When } from "../../parts/when.tsx";

type Product = ForecastAnswer["products"][number];

const EVERY_MS = 60_000;

/** What the counts will be in the next 30 days if nobody new comes. */
export function ForecastSection() {
  const forecast = useResource<ForecastAnswer>("/api/v1/forecast", EVERY_MS);
  return (
    <Section
      title="The next 30 days"
      about="If nobody new comes: machines that keep their rhythm stay, overdue ones leave a retention after they last asked."
    >
      <Loaded resource={forecast}>
        {({ products }) =>
          products.length === 0 ? (
            <p class="quiet">No product is licensed.</p>
          ) : (
            products.map((product) => <ProductForecast key={product.product} product={product} />)
          )
        }
      </Loaded>
    </Section>
  );
}

/** One product's future; `What if` shows it too. */
export function ProductForecast({ product }: { readonly product: Product }) {
  const { name, countNow, threshold, lowest, days, leaving } = product;
  return (
    <div class="forecast">
      <h3>{name}</h3>
      <Verdict product={product} />
      <p class="quiet">
        {countNow} now, {threshold} needed; {leaving} expected to leave, {lowest} at the least.
      </p>
      <CountChart
        label={`${name}: ${countNow} now, ${days.at(-1)} in 30 days, ${threshold} needed`}
        days={days}
        threshold={threshold}
      />
      <Leavers product={product} />
    </div>
  );
}

function Verdict({
  product: { fallsBelow, absent, countNow, threshold },
}: {
  readonly product: Product;
}) {
  if (fallsBelow !== null) {
    return (
      <Notice kind="attention">
        Falls below its threshold on <When at={fallsBelow} />: by then {absent}{" "}
        {absent === 1 ? "machine" : "machines"} will have left.
      </Notice>
    );
  }
  if (countNow < threshold) return <Notice kind="attention">Is below its threshold now.</Notice>;
  return <Notice kind="good">Stays at or above its threshold.</Notice>;
}

function Leavers({ product: { machines, name } }: { readonly product: Product }) {
  if (machines.length === 0) return null;
  return (
    <Table
      caption={`Machines whose absence lets ${name} fall`}
      columns={[
        { key: "name", title: "Machine", cell: ({ hostname }) => hostname },
        { key: "last", title: "Last asked", cell: ({ lastContact }) => <When at={lastContact} /> },
        { key: "leaves", title: "Leaves", cell: ({ leaves }) => <When at={leaves} /> },
      ]}
      rows={machines}
      rowKey={({ cmid }) => cmid}
      empty="None is named."
    />
  );
}
