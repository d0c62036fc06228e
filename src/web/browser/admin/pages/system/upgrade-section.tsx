import type { UpgradeAnswer } from "../../../../api/upgrade-schemas.ts";
import { useResource } from "../../hooks/use-resource.ts";
import { Facts } from "../../parts/facts.tsx";
import { Loaded, Notice } from "../../parts/messages.tsx";
import { Section } from "../../parts/page.tsx";
import { When } from "../../parts/when.tsx";
import { SendPackage } from "./send-package.tsx";

const LOOK_EVERY_MS = 5000;

/** Which version runs, how the last upgrade went, and how the next is done. */
export function UpgradeSection() {
  const upgrade = useResource<UpgradeAnswer>("/api/v1/upgrade", LOOK_EVERY_MS);
  return (
    <Section title="Version">
      <Loaded resource={upgrade}>
        {({ version, kept, last, handedOver, byPage, how }) => (
          <>
            <Facts
              of={[
                ["Runs", version],
                ["Kept to go back to", kept],
              ]}
            />
            {last ? <Last last={last} /> : null}
            {handedOver ? <Sent sent={handedOver} /> : null}
            <p>{how}</p>
            {byPage ? <SendPackage sent={upgrade.reload} /> : null}
          </>
        )}
      </Loaded>
    </Section>
  );
}

function Last({ last }: { readonly last: NonNullable<UpgradeAnswer["last"]> }) {
  const { from, to, at, outcome, reason } = last;
  return (
    <Notice kind={reason === "" ? "good" : "wrong"}>
      The upgrade from {from} to {to} on <When at={at} />: {outcome}. {reason}
    </Notice>
  );
}

function Sent({ sent }: { readonly sent: NonNullable<UpgradeAnswer["handedOver"]> }) {
  const { state, version, reason, at } = sent;
  return (
    <Notice kind={reason === "" ? "good" : "wrong"}>
      The package sent on <When at={at} />: {state} {version}. {reason}
    </Notice>
  );
}
