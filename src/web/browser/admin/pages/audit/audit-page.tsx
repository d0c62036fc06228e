import { useState } from "preact/hooks";
import type { AuditPage as Answer, AuditCheckAnswer } from "../../../../api/audit-schemas.ts";
import { get } from "../../api/api.ts";
import { useResource } from "../../hooks/use-resource.ts";
import { ActButton } from "../../parts/buttons.tsx";
import { Download } from "../../parts/download.tsx";
import { Loaded } from "../../parts/messages.tsx";
import { Page } from "../../parts/page.tsx";
import { Pager } from "../../parts/pager.tsx";
import { Table } from "../../parts/table.tsx";
import { When } from "../../parts/when.tsx";

const PAGE_SIZE = 50;

/** Everything that was done to the box, by whom. */
export function AuditPage() {
  const [offset, setOffset] = useState(0);
  const page = useResource<Answer>(`/api/v1/audit?offset=${offset}&limit=${PAGE_SIZE}`);
  return (
    <Page
      title="Audit log"
      about="Everything that was done to this box, by whom and from where. Each entry vouches for the one before it."
      acts={
        <>
          <ActButton act={check}>Check</ActButton>
          <Download path="/api/v1/audit/export" name="kms-box-audit.jsonl">
            Export
          </Download>
        </>
      }
    >
      <div class="card">
        <Loaded resource={page}>
          {({ total, entries }) => (
            <>
              <Table
                caption="Acts, newest first"
                columns={[
                  { key: "time", title: "When", cell: ({ time }) => <When at={time} /> },
                  { key: "actor", title: "Who", cell: ({ actor }) => actor },
                  { key: "source", title: "From", cell: ({ source }) => source },
                  { key: "act", title: "Act", cell: ({ act }) => <code>{act}</code> },
                  { key: "target", title: "On", cell: ({ target }) => target ?? "" },
                  { key: "outcome", title: "Outcome", cell: ({ outcome }) => outcome },
                ]}
                rows={entries}
                rowKey={({ sequence }) => String(sequence)}
                empty="Nothing was done yet."
              />
              <Pager
                offset={offset}
                size={PAGE_SIZE}
                total={total}
                noun="entries"
                onTurn={setOffset}
              />
            </>
          )}
        </Loaded>
      </div>
    </Page>
  );
}

async function check(): Promise<string> {
  const { whole, detail } = await get<AuditCheckAnswer>("/api/v1/audit/check");
  if (!whole) throw new Error(detail);
  return detail;
}
