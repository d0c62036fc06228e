import type { ForecastAnswer } from "../../../../api/insight-schemas.ts";
import { useResource } from "../../hooks/use-resource.ts";
import { Notice } from "../../parts/messages.tsx";
import { When } from "../../parts/when.tsx";

const EVERY_MS = 60_000;

/** What will no longer be activated, if those who are overdue do not come back. */
export function ForecastWarnings() {
  const { data } = useResource<ForecastAnswer>("/api/v1/forecast", EVERY_MS);
  return (
    <>
      {data?.products.map(({ product, name, fallsBelow }) =>
        fallsBelow ? (
          <Notice key={product} kind="attention">
            {name} falls below its threshold on <When at={fallsBelow} />.{" "}
            <a href="#/insight">Why</a>
          </Notice>
        ) : null,
      )}
    </>
  );
}
