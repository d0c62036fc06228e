import type { ExplainAnswer } from "../../../../api/insight-schemas.ts";
import { ask } from "../../api/api.ts";
import { useResource } from "../../hooks/use-resource.ts";
import { Danger } from "../../parts/danger.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Facts } from "../../parts/facts.tsx";
import { Loaded } from "../../parts/messages.tsx";
import { When } from "../../parts/when.tsx";
import type { Client } from "./client-table.tsx";

/** One machine: why it is, or is not, activated, what is known of it, and forgetting it. */
export function ClientWindow(props: {
  readonly client: Client;
  readonly onClose: () => void;
  readonly onForgotten: () => void;
}) {
  const { client, onClose, onForgotten } = props;
  const { cmid, hostname, product, application, agent, status } = client;
  const query = new URLSearchParams({ machine: cmid, product });
  const explained = useResource<ExplainAnswer>(`/api/v1/explain?${query}`);
  return (
    <Dialog title={hostname} onClose={onClose}>
      <Loaded resource={explained}>
        {({ explanations }) =>
          explanations.map(({ sentence }) => (
            <p class="explained" key={sentence}>
              {sentence}
            </p>
          ))
        }
      </Loaded>
      <Facts
        of={[
          ["CMID", <code key="cmid">{cmid}</code>],
          ["Product", product],
          ["Application", application],
          ["Said of itself last", status],
          ["Agent", agent],
          ["First asked", <When key="first" at={client.firstContact} />],
          ["Last asked", <When key="last" at={client.lastContact} />],
          ["Activated until", <When key="until" at={client.activatedUntil} />],
        ]}
      />
      <div class="acts">
        <Danger
          label="Forget this machine…"
          confirm={`Forget ${hostname}`}
          question={
            <p>
              {hostname} no longer counts, for any product. If it asks again, it is counted anew.
              What it was activated for, it keeps until its own end.
            </p>
          }
          act={async () => {
            await ask("DELETE", `/api/v1/clients/${encodeURIComponent(cmid)}`);
            return `${hostname} is forgotten.`;
          }}
          onDone={onForgotten}
        />
      </div>
    </Dialog>
  );
}
