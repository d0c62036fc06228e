import { useState } from "preact/hooks";
import type { Diagnosis } from "../../../../../domain/doctor/summary.ts";
import { get } from "../../api/api.ts";
import { ActButton } from "../../parts/buttons.tsx";
import { Findings } from "../../parts/findings.tsx";
import { Section } from "../../parts/page.tsx";

/** Looks for what is wrong with the box and its network, when asked to. */
export function Doctor() {
  const [diagnosis, setDiagnosis] = useState<Diagnosis>();
  return (
    <Section
      title="The doctor"
      about="Checks the box, its network, DNS and the time, in the order of causes. It changes nothing and takes up to 15 seconds."
      acts={
        <ActButton
          act={async () => {
            setDiagnosis(await get<Diagnosis>("/api/v1/doctor"));
            return undefined;
          }}
        >
          Examine
        </ActButton>
      }
    >
      {diagnosis ? <Findings diagnosis={diagnosis} /> : null}
    </Section>
  );
}
