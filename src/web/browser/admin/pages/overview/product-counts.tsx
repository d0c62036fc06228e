import type { Status } from "../../../../api/schemas.ts";
import { Section } from "../../parts/page.tsx";

type Products = Status["products"];

/** How many count for each product, of how many that are needed. */
export function ProductCounts({ products }: { readonly products: Products }) {
  return (
    <Section title="Activation count">
      {products.length === 0 ? (
        <p class="quiet">
          No product is licensed. <a href="#/licences">Install a licence</a>
        </p>
      ) : (
        <ul class="counts" aria-live="polite">
          {products.map((product) => (
            <Count key={product.id} product={product} />
          ))}
        </ul>
      )}
    </Section>
  );
}

function Count({
  product: { id, name, count, threshold, activating },
}: {
  readonly product: Products[number];
}) {
  return (
    <li>
      <div class="count-head">
        <span class="count-name">{name}</span>
        <span class={activating ? "tag good" : "tag attention"}>
          {activating ? "activating" : "below threshold"}
        </span>
      </div>
      <p class="count" data-product={id}>
        <strong>{count.toLocaleString("en-GB")}</strong> of {threshold.toLocaleString("en-GB")}
      </p>
      <progress
        max={threshold}
        value={Math.min(count, threshold)}
        class={activating ? "good" : "attention"}
        aria-label={`${name}: ${count} of ${threshold}`}
      />
    </li>
  );
}
