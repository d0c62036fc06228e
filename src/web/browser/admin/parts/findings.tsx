import type { Diagnosis } from "../../../../domain/doctor/summary.ts";
import { Notice } from "./messages.tsx";

const KIND = { ok: "good", warning: "attention", wrong: "wrong", skipped: "plain" } as const;
const SAID = { ok: "good", warning: "warning", wrong: "wrong", skipped: "skipped" } as const;

/** What was checked, with the evidence and the next step. */
export function Findings({ diagnosis }: { readonly diagnosis: Diagnosis }) {
  return (
    <>
      <Notice kind={KIND[diagnosis.result]}>{diagnosis.summary}</Notice>
      <ul class="findings">
        {diagnosis.findings.map(({ id, title, result, evidence, nextStep }) => (
          <li key={id}>
            <span class={`tag ${KIND[result]}`}>{SAID[result]}</span>
            <div>
              <strong>{title}</strong>
              <p>{evidence}</p>
              {nextStep === null ? null : <p class="next-step">{nextStep}</p>}
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}
