import { useState } from "preact/hooks";
import type { TokenList } from "../../../../api/token-schemas.ts";
import { ask } from "../../api/api.ts";
import { useResource } from "../../hooks/use-resource.ts";
import { Button } from "../../parts/buttons.tsx";
import { Danger } from "../../parts/danger.tsx";
import { Loaded } from "../../parts/messages.tsx";
import { Section } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { Ago, When } from "../../parts/when.tsx";
import { NewTokenWindow } from "./new-token-window.tsx";

type Token = TokenList["tokens"][number];

/** What programs log in with, each for what it may do. */
export function TokensSection() {
  const [making, setMaking] = useState(false);
  const list = useResource<TokenList>("/api/v1/tokens");
  return (
    <Section
      title="Tokens"
      about="For programs that speak to the API, such as a monitoring system. Each may do only what it was made for."
      acts={<Button onClick={() => setMaking(true)}>New token…</Button>}
    >
      <Loaded resource={list}>
        {({ tokens }) => (
          <Table
            caption="Tokens"
            columns={[
              { key: "name", title: "Name", cell: ({ name }) => name },
              { key: "scopes", title: "May", cell: ({ scopes }) => scopes.join(", ") },
              { key: "used", title: "Last used", cell: ({ lastUsed }) => <Ago at={lastUsed} /> },
              { key: "ends", title: "Ends", cell: ({ expires }) => <When at={expires} /> },
              {
                key: "revoke",
                title: "Revoke",
                cell: (token) => <Revoke token={token} onDone={list.reload} />,
              },
            ]}
            rows={tokens}
            rowKey={({ id }) => id}
            empty="There is none."
          />
        )}
      </Loaded>
      {making ? <NewTokenWindow onMade={list.reload} onClose={() => setMaking(false)} /> : null}
    </Section>
  );
}

function Revoke({
  token: { id, name },
  onDone,
}: {
  readonly token: Token;
  readonly onDone: () => void;
}) {
  return (
    <Danger
      label="Revoke…"
      spoken={`Revoke ${name}`}
      confirm={`Revoke ${name}`}
      question={<p>Whatever uses this token is refused from now on.</p>}
      act={async () => {
        await ask("DELETE", `/api/v1/tokens/${encodeURIComponent(id)}`);
        onDone();
        return `${name} is revoked.`;
      }}
    />
  );
}
