import { useState } from "preact/hooks";
import type { ForecastAnswer } from "../../../../api/insight-schemas.ts";
import { get } from "../../api/api.ts";
import { useAct } from "../../hooks/use-act.ts";
import { Submit } from "../../parts/buttons.tsx";
import { LongField } from "../../parts/fields.tsx";
import { Notice } from "../../parts/messages.tsx";
import { Section } from "../../parts/page.tsx";
import { ProductForecast } from "./forecast-section.tsx";

/** Whether some machines may be retired. */
export function WhatIfSection() {
  const [names, setNames] = useState("");
  const [answer, setAnswer] = useState<ForecastAnswer>();
  const act = useAct(async () => {
    const without = names.split(/[\s,;]+/).filter((name) => name !== "");
    if (without.length === 0) throw new Error("Name at least one machine.");
    const query = new URLSearchParams({ without: without.join(",") });
    setAnswer(await get<ForecastAnswer>(`/api/v1/forecast?${query}`));
    return undefined;
  });
  const onSubmit = (event: Event) => {
    event.preventDefault();
    void act.run();
  };
  return (
    <Section title="What if" about="May these machines be retired? Nothing is changed by asking.">
      <form onSubmit={onSubmit}>
        <LongField
          label="Machines"
          hint="Names or CMIDs, a line each or with commas."
          rows={3}
          value={names}
          onInput={setNames}
        />
        <Submit act={act}>See what would be</Submit>
      </form>
      {answer ? <Answer answer={answer} /> : null}
    </Section>
  );
}

function Answer({ answer: { safe, retired, products } }: { readonly answer: ForecastAnswer }) {
  const shared = retired.filter(({ machines }) => machines.length > 1);
  return (
    <>
      <Notice kind={safe ? "good" : "wrong"}>
        {safe
          ? "They may be retired: every product stays activated."
          : "They should not be retired: without them a product is not activated."}
      </Notice>
      {shared.map(({ name, machines }) => (
        <Notice key={name} kind="plain">
          {name} is the name of {machines.length} machines: all of them are meant.
        </Notice>
      ))}
      {products.map((product) => (
        <ProductForecast key={product.product} product={product} />
      ))}
    </>
  );
}
