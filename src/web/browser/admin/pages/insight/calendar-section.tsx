import type { CalendarAnswer } from "../../../../api/insight-schemas.ts";
import { useResource } from "../../hooks/use-resource.ts";
import { Download } from "../../parts/download.tsx";
import { Loaded } from "../../parts/messages.tsx";
import { Section } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { Ago, When } from "../../parts/when.tsx";

/** Which activated machines have not come back, and when each lapses. */
export function CalendarSection() {
  const calendar = useResource<CalendarAnswer>("/api/v1/calendar");
  return (
    <Section
      title="Calendar"
      about="Activated machines that have not come back in time, and the date on which each lapses."
      acts={
        <>
          <Download path="/api/v1/calendar?format=csv" name="lapses.csv">
            Save as CSV
          </Download>
          <Download path="/api/v1/calendar?format=ics" name="lapses.ics">
            Save as iCalendar
          </Download>
        </>
      }
    >
      <Loaded resource={calendar}>
        {({ total, lapses }) => (
          <>
            <Table
              caption="Machines that have not come back"
              columns={[
                { key: "name", title: "Machine", cell: ({ hostname }) => hostname },
                { key: "product", title: "Product", cell: ({ product }) => product },
                {
                  key: "last",
                  title: "Last asked",
                  cell: ({ lastContact }) => <Ago at={lastContact} />,
                },
                { key: "lapses", title: "Lapses", cell: (row) => <When at={row.lapses} /> },
                {
                  key: "counts",
                  title: "Counts",
                  cell: ({ counts }) => (counts ? "yes" : "no more"),
                },
              ]}
              rows={lapses}
              rowKey={({ cmid, product }) => `${cmid} ${product}`}
              empty="None: every activated machine keeps its rhythm."
            />
            {total > lapses.length ? (
              <p class="quiet">
                The first {lapses.length} of {total}. The files hold all of them.
              </p>
            ) : null}
          </>
        )}
      </Loaded>
    </Section>
  );
}
