import { useEffect, useRef } from "preact/hooks";
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
  useItsOwnPages(upgrade.data?.version);
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
            {handedOver && !isJudged(handedOver, last) ? <Sent sent={handedOver} /> : null}
            <p>{how}</p>
            {byPage ? <SendPackage sent={upgrade.reload} /> : null}
          </>
        )}
      </Loaded>
    </Section>
  );
}

type Ended = NonNullable<UpgradeAnswer["last"]>;
type SentPackage = NonNullable<UpgradeAnswer["handedOver"]>;

function Last({ last }: { readonly last: Ended }) {
  return (
    <Notice kind={last.outcome === "upgraded" ? "good" : "wrong"}>
      Last upgrade, <When at={last.at} />: {endingOf(last)}
    </Notice>
  );
}

function endingOf({ outcome, from, to, reason }: Ended): string {
  switch (outcome) {
    case "upgraded":
      return `version ${to} was put in use, after ${from}.`;
    case "rolled-back":
      return `version ${to} was taken back, and ${from} put in use again, because ${reason}.`;
    case "unfinished":
      return `version ${to} was not put in use, and ${from} kept, because ${reason}.`;
    case "unchecked":
      return `version ${to} was installed after ${from}, and not judged, because ${reason}.`;
  }
}

function Sent({ sent }: { readonly sent: SentPackage }) {
  const { state, at, reason } = sent;
  const isWrong = state === "refused" || state === "failed";
  return (
    <Notice kind={isWrong ? "wrong" : "plain"}>
      Last package sent, <When at={at} />: {progressOf(sent)}
      {isWrong ? `: ${reason}` : ""}.
    </Notice>
  );
}

function progressOf({ state, version }: SentPackage): string {
  const named = version === "" ? "it" : `version ${version}`;
  switch (state) {
    case "verifying":
      return "it is being verified";
    case "installing":
      return `${named} is being installed`;
    case "refused":
      return `${named} was refused`;
    case "failed":
      return `${named} was not installed`;
    case "installed":
      return `${named} was installed`;
  }
}

/** Of a package that was installed the judge of upgrades tells more: whether it is in use. */
function isJudged({ state, version }: SentPackage, last: UpgradeAnswer["last"]): boolean {
  return state === "installed" && last?.to === version;
}

/** Another version has other pages. */
function useItsOwnPages(version: string | undefined): void {
  const first = useRef(version);
  useEffect(() => {
    first.current ??= version;
    if (version !== first.current) location.reload();
  }, [version]);
}
