import type { LicenceList } from "../../../../api/schemas.ts";
import { useResource } from "../../hooks/use-resource.ts";
import { Facts } from "../../parts/facts.tsx";
import { Loaded } from "../../parts/messages.tsx";
import { Page, Section } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { When } from "../../parts/when.tsx";
import { InstallLicence } from "./install-licence.tsx";
import { LicenceRequest } from "./licence-request.tsx";

type Licence = LicenceList["licences"][number];

const VALIDITY = {
  valid: ["good", "valid"],
  "not-yet-valid": ["attention", "not valid yet"],
  expired: ["wrong", "expired"],
} as const;

/** What the vendors allow this box to activate. */
export function LicencesPage() {
  const list = useResource<LicenceList>("/api/v1/licences");
  return (
    <Page title="Licences" about="What the vendors of software allow this box to activate.">
      <Loaded resource={list}>
        {({ licences }) =>
          licences.length === 0 ? (
            <p class="quiet">No licence is installed: nothing is activated.</p>
          ) : (
            licences.map((licence) => (
              <Installed key={`${licence.vendorThumbprint} ${licence.issued}`} licence={licence} />
            ))
          )
        }
      </Loaded>
      <InstallLicence onInstalled={list.reload} />
      <LicenceRequest />
    </Page>
  );
}

function Installed({ licence }: { readonly licence: Licence }) {
  const [kind, words] = VALIDITY[licence.validity];
  return (
    <Section title={licence.vendor} acts={<span class={`tag ${kind}`}>{words}</span>}>
      <Facts
        of={[
          ["Issued", <When key="issued" at={licence.issued} />],
          ["Valid from", <When key="from" at={licence.validFrom} />],
          ["Valid until", <When key="until" at={licence.expires} />],
          ["Vendor's key", <code key="key">{licence.vendorThumbprint}</code>],
        ]}
      />
      <Table
        caption={`Products of ${licence.vendor}`}
        columns={[
          { key: "name", title: "Product", cell: ({ name }) => name },
          { key: "id", title: "Id", cell: ({ id }) => <code>{id}</code> },
          { key: "application", title: "Application", cell: ({ application }) => application },
          {
            key: "threshold",
            title: "Threshold",
            figures: true,
            cell: ({ threshold }) => threshold,
          },
        ]}
        rows={licence.products}
        rowKey={({ id }) => id}
        empty="It names no product."
      />
    </Section>
  );
}
