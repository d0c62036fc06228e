import type { DnsAnswer, DnsDomainAnswer } from "../../../../api/dns-schemas.ts";
import { post } from "../../api/api.ts";
import { useResource } from "../../hooks/use-resource.ts";
import { ActButton } from "../../parts/buttons.tsx";
import { Danger } from "../../parts/danger.tsx";
import { Facts } from "../../parts/facts.tsx";
import { Loaded, Notice } from "../../parts/messages.tsx";
import { Page, Section } from "../../parts/page.tsx";
import { When } from "../../parts/when.tsx";
import { DnsSettings } from "./dns-settings.tsx";
import { Doctor } from "./doctor.tsx";

const EVERY_MS = 5000;

const KIND = {
  published: "good",
  pending: "plain",
  withdrawn: "plain",
  failed: "wrong",
  foreign: "attention",
} as const;

/** How clients find the box, and whether they do. */
export function DnsPage() {
  const dns = useResource<DnsAnswer>("/api/v1/dns", EVERY_MS);
  const publish = async () => {
    const { domains } = await post<DnsAnswer>("/api/v1/dns/publish");
    dns.reload();
    const failed = domains.filter(({ state }) => state !== "published").length;
    return failed === 0 ? "Published." : `Not published in ${failed} of ${domains.length} domains.`;
  };
  return (
    <Page
      title="DNS"
      about="How clients find this box: by its record in DNS, or on their own network."
    >
      <Loaded resource={dns}>
        {({ domains }) =>
          domains.length === 0 ? (
            <Notice kind="plain">
              This box publishes in no domain. Machines on the same network find it by mDNS; others
              need a record, below.
            </Notice>
          ) : (
            <>
              {domains.map((domain) => (
                <Domain key={domain.domain} domain={domain} onChange={dns.reload} />
              ))}
              <ActButton kind="main" act={publish}>
                Publish now
              </ActButton>
            </>
          )
        }
      </Loaded>
      <DnsSettings onChange={dns.reload} />
      <Doctor />
    </Page>
  );
}

function Domain({
  domain,
  onChange,
}: {
  readonly domain: DnsDomainAnswer;
  readonly onChange: () => void;
}) {
  const { state, reason, rivals } = domain;
  return (
    <Section title={domain.domain} acts={<span class={`tag ${KIND[state]}`}>{state}</span>}>
      {reason === null ? null : <Notice kind={KIND[state]}>{reason}</Notice>}
      <Facts
        of={[
          ["Record", <code key="name">{domain.name}</code>],
          ["Leads to", `${domain.target}, port ${domain.port}`],
          ["Addresses", domain.addresses.join(", ")],
          ["Priority, weight", `${domain.priority}, ${domain.weight}`],
          ["Server", domain.server],
          ["Last found there", domain.checked && <When at={domain.checked} />],
          ["This box's own resolver", seen(domain.seenBySystem)],
          ["Tried again", domain.retry && <When at={domain.retry} />],
          [
            "Others under the name",
            rivals.map(({ target, port }) => `${target}:${port}`).join(", "),
          ],
        ]}
      />
      {state === "withdrawn" ? null : (
        <Danger
          label="Withdraw…"
          spoken={`Withdraw from ${domain.domain}`}
          confirm={`Withdraw from ${domain.domain}`}
          question={
            <p>Clients there no longer find this box by DNS. Only its own record is removed.</p>
          }
          act={async () => {
            await post("/api/v1/dns/withdraw", { domain: domain.domain });
            onChange();
            return `Withdrawn from ${domain.domain}.`;
          }}
        />
      )}
    </Section>
  );
}

function seen(bySystem: boolean | null): string | null {
  if (bySystem === null) return null;
  return bySystem ? "finds it" : "does not find it";
}
