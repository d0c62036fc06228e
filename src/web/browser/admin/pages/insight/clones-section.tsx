import type { ClonesAnswer } from "../../../../api/insight-schemas.ts";
import { useResource } from "../../hooks/use-resource.ts";
import { Loaded, Notice } from "../../parts/messages.tsx";
import { Section } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { When } from "../../parts/when.tsx";

/** Machines that share one CMID, as copied disks do, and count once for that. */
export function ClonesSection() {
  const clones = useResource<ClonesAnswer>("/api/v1/clones");
  return (
    <Section
      title="Clones"
      about="Machines that were copied with their CMID count as one. Each has to get one of its own."
    >
      <Loaded resource={clones}>
        {(answer) =>
          answer.clones.length === 0 ? (
            <p class="quiet">None was seen within the retention.</p>
          ) : (
            answer.clones.map((clone) => <CloneCard key={clone.cmid} clone={clone} />)
          )
        }
      </Loaded>
    </Section>
  );
}

const EVIDENCE = {
  alternation: "One came back after another had come.",
  overlap: "One came too soon after another to have replaced it.",
} as const;

function CloneCard({ clone }: { readonly clone: ClonesAnswer["clones"][number] }) {
  const { cmid, evidence, uncounted, machines, remedy } = clone;
  return (
    <Notice kind="attention">
      <p>
        {machines.length} machines share the CMID <code>{cmid}</code>, so that {uncounted} of them{" "}
        {uncounted === 1 ? "does" : "do"} not count. {EVIDENCE[evidence]}
      </p>
      <p>{remedy}</p>
      <Table
        caption={`Machines with the CMID ${cmid}`}
        columns={[
          { key: "name", title: "Machine", cell: ({ hostname }) => hostname },
          { key: "first", title: "First seen", cell: ({ firstSeen }) => <When at={firstSeen} /> },
          { key: "last", title: "Last seen", cell: ({ lastSeen }) => <When at={lastSeen} /> },
          { key: "returns", title: "Came back", figures: true, cell: ({ returns }) => returns },
        ]}
        rows={machines}
        rowKey={({ fingerprint, hostname }) => `${fingerprint} ${hostname}`}
        empty=""
      />
    </Notice>
  );
}
