import { useState } from "preact/hooks";
import type { CertificateAnswer } from "../../../../api/certificate-schemas.ts";
import { ask, post } from "../../api/api.ts";
import { useAct } from "../../hooks/use-act.ts";
import { useResource } from "../../hooks/use-resource.ts";
import { Submit } from "../../parts/buttons.tsx";
import { Danger } from "../../parts/danger.tsx";
import { Facts } from "../../parts/facts.tsx";
import { LongField } from "../../parts/fields.tsx";
import { Loaded } from "../../parts/messages.tsx";
import { Page, Section } from "../../parts/page.tsx";
import { When } from "../../parts/when.tsx";

/** What this page proves itself with. */
export function CertificatePage() {
  const certificate = useResource<CertificateAnswer>("/api/v1/certificate");
  return (
    <Page title="Certificate" about="What this page proves itself with to a browser.">
      <Section
        title="In use"
        acts={
          <Danger
            label="Make a new one…"
            confirm="Make a new certificate"
            question={<p>Browsers warn again until they are told to trust the new one.</p>}
            act={async () => {
              await post("/api/v1/certificate");
              certificate.reload();
              return "A new certificate is in use.";
            }}
          />
        }
      >
        <Loaded resource={certificate}>
          {(now) => (
            <Facts
              of={[
                ["SHA-256 fingerprint", <code key="print">{now.fingerprint}</code>],
                ["Compare", "The front panel shows the same fingerprint."],
                ["For", now.names.join(", ")],
                ["Made by", now.selfSigned ? "this box itself" : now.issuer],
                ["Valid from", <When key="from" at={now.validFrom} />],
                ["Valid until", <When key="until" at={now.validTo} />],
              ]}
            />
          )}
        </Loaded>
      </Section>
      <Replace onReplaced={certificate.reload} />
    </Page>
  );
}

function Replace({ onReplaced }: { readonly onReplaced: () => void }) {
  const [chain, setChain] = useState("");
  const [key, setKey] = useState("");
  const act = useAct(async () => {
    await ask("PUT", "/api/v1/certificate", { body: { certificate: chain, key } });
    setKey("");
    onReplaced();
    return "The certificate is in use. New connections are shown it.";
  });
  const onSubmit = (event: Event) => {
    event.preventDefault();
    void act.run();
  };
  return (
    <Section
      title="Use one of your own"
      about="Issued by your organisation's authority, so that browsers trust it without being told."
    >
      <form onSubmit={onSubmit}>
        <LongField
          label="Certificate, with those above it"
          hint="PEM, beginning with this box's own."
          value={chain}
          onInput={setChain}
          rows={6}
        />
        <LongField
          label="Its private key"
          hint="PEM, not encrypted. It is never handed out again."
          value={key}
          onInput={setKey}
          rows={6}
        />
        <Submit act={act}>Use this certificate</Submit>
      </form>
    </Section>
  );
}
