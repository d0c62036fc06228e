import { useState } from "preact/hooks";
import type { SettingsAnswer } from "../../../../api/settings-schemas.ts";
import { ask } from "../../api/api.ts";
import { useAct } from "../../hooks/use-act.ts";
import { useResource } from "../../hooks/use-resource.ts";
import { Submit } from "../../parts/buttons.tsx";
import { Danger } from "../../parts/danger.tsx";
import { TextField } from "../../parts/fields.tsx";
import { Loaded, Notice } from "../../parts/messages.tsx";
import { Section } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { DomainKey } from "./domain-key.tsx";

const OPTION = "dns.domains";

/** A domain as it is configured; what else it has is kept as it is. */
interface Domain {
  readonly domain: string;
  readonly server?: string;
  readonly priority?: number;
  readonly weight?: number;
  readonly tsigKeyFile?: string;
  readonly keytab?: string;
}

/** In which domains the box publishes itself, and with which keys. */
export function DnsSettings({ onChange }: { readonly onChange: () => void }) {
  const settings = useResource<SettingsAnswer>("/api/v1/settings");
  const option = settings.data?.options.find(({ name }) => name === OPTION);
  const domains = Array.isArray(option?.value) ? (option.value as readonly Domain[]) : [];
  const keep = async (next: readonly Domain[]) => {
    await ask("PATCH", "/api/v1/settings", { body: { changes: { [OPTION]: next } } });
    settings.reload();
    onChange();
  };
  return (
    <Section
      title="Domains"
      about={
        <>
          Where the box publishes itself. A change is used after a <a href="#/system">restart</a>.
          The other options of DNS are among the <a href="#/settings">settings</a>.
        </>
      }
    >
      <Loaded resource={settings}>
        {() => (
          <>
            <Domains domains={domains} keep={keep} />
            {option?.fixed ? (
              <Notice kind="plain">{option.fixed}</Notice>
            ) : (
              <AddDomain add={(domain) => keep([...domains, domain])} />
            )}
          </>
        )}
      </Loaded>
    </Section>
  );
}

function Domains(props: {
  readonly domains: readonly Domain[];
  readonly keep: (next: readonly Domain[]) => Promise<void>;
}) {
  const { domains, keep } = props;
  const remove = (gone: string) => async () => {
    await keep(domains.filter(({ domain }) => domain !== gone));
    return `${gone} is removed. Its record stays until it is withdrawn.`;
  };
  return (
    <Table
      caption="Domains"
      columns={[
        { key: "domain", title: "Domain", cell: ({ domain }) => domain },
        { key: "server", title: "Server", cell: ({ server }) => server ?? "as its zone says" },
        { key: "key", title: "Signed with", cell: (domain) => signedWith(domain) },
        {
          key: "acts",
          title: "Change",
          cell: ({ domain }) => (
            <span class="acts">
              <DomainKey domain={domain} />
              <Danger
                label="Remove…"
                spoken={`Remove ${domain}`}
                confirm={`Remove ${domain}`}
                question={<p>The box no longer keeps its record there. Withdraw it first.</p>}
                act={remove(domain)}
              />
            </span>
          ),
        },
      ]}
      rows={domains}
      rowKey={({ domain }) => domain}
      empty="None: the box publishes in no domain."
    />
  );
}

function signedWith({ tsigKeyFile, keytab }: Domain): string {
  if (tsigKeyFile) return "a TSIG key";
  return keytab ? "Kerberos" : "nothing";
}

function AddDomain({ add }: { readonly add: (domain: Domain) => Promise<void> }) {
  const [domain, setDomain] = useState("");
  const [server, setServer] = useState("");
  const act = useAct(async () => {
    await add(server === "" ? { domain } : { domain, server });
    setDomain("");
    setServer("");
    return `${domain} is kept.`;
  });
  const onSubmit = (event: Event) => {
    event.preventDefault();
    void act.run();
  };
  return (
    <form onSubmit={onSubmit}>
      <TextField
        label="Another domain"
        hint="Such as office.example"
        value={domain}
        onInput={setDomain}
        maxLength={253}
        required
      />
      <TextField
        label="Its server"
        hint="ADDRESS or ADDRESS:PORT. Empty: the one that its zone names."
        value={server}
        onInput={setServer}
        maxLength={300}
      />
      <Submit act={act}>Add the domain</Submit>
    </form>
  );
}
