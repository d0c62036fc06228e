import type { PanelAnswer, Status } from "../../../../api/schemas.ts";
import { post } from "../../api/api.ts";
import { useResource } from "../../hooks/use-resource.ts";
import { ActButton } from "../../parts/buttons.tsx";
import { Facts } from "../../parts/facts.tsx";
import { Loaded, Notice } from "../../parts/messages.tsx";
import { Page, Section } from "../../parts/page.tsx";
import { PanelMirror } from "../../parts/panel-mirror.tsx";
import { lasting, When } from "../../parts/when.tsx";
import { ForecastWarnings } from "./forecast-warnings.tsx";
import { ProductCounts } from "./product-counts.tsx";

const STATUS_EVERY_MS = 2000;
const PANEL_EVERY_MS = 1000;

/** How the box stands, at a glance. */
export function OverviewPage() {
  const status = useResource<Status>("/api/v1/status", STATUS_EVERY_MS);
  return (
    <Page title="Overview">
      <Loaded resource={status}>
        {(now) => (
          <>
            <Standing status={now} />
            <div class="columns">
              <div>
                <ProductCounts products={now.products} />
                <ForecastWarnings />
                <About status={now} />
              </div>
              <Front />
            </div>
          </>
        )}
      </Loaded>
    </Page>
  );
}

/** The answer to "are we activating?", before anything else. */
function Standing({ status: { products, health, demonstration } }: { readonly status: Status }) {
  const waiting = products.filter(({ activating }) => !activating);
  const isGood = health.healthy && products.length > 0 && waiting.length === 0;
  return (
    <>
      {health.reasons.map(({ code, detail }) => (
        <Notice key={code} kind="wrong">
          {detail}
        </Notice>
      ))}
      {isGood ? <Notice kind="good">Everything that is licensed is being activated.</Notice> : null}
      {health.healthy
        ? waiting.map(({ id, name, count, threshold }) => (
            <Notice key={id} kind="attention">
              {name} is not activated: {threshold - count} more{" "}
              {threshold - count === 1 ? "machine is" : "machines are"} needed.
            </Notice>
          ))
        : null}
      {demonstration ? (
        <Notice kind="plain">
          The demonstration's vendor is installed: its leases are worth nothing.
        </Notice>
      ) : null}
    </>
  );
}

function About({ status }: { readonly status: Status }) {
  const { version, host, address, uptimeSeconds, lastStart, clock, time, clients } = status;
  return (
    <Section title="This box">
      <Facts
        of={[
          ["Machines known", clients.toLocaleString("en-GB")],
          ["Clients are served at", address],
          ["Clock", clock.trusted ? <When at={time} /> : `Not trusted. ${clock.detail}`],
          ["Running for", lasting(uptimeSeconds)],
          ["Last start", lastStart],
          ["Version", version],
          ["Host key", <code key="host">{host}</code>],
        ]}
      />
    </Section>
  );
}

function Front() {
  const panel = useResource<PanelAnswer>("/api/v1/panel", PANEL_EVERY_MS);
  return (
    <Section title="Front panel">
      <Loaded resource={panel}>
        {(now) => (
          <>
            <PanelMirror panel={now} />
            <p class="hint">The same picture as on the box itself.</p>
            <ActButton
              act={async () => {
                await post("/api/v1/panel/identify");
                return "The yellow light of this box is blinking.";
              }}
            >
              Identify this box
            </ActButton>
          </>
        )}
      </Loaded>
    </Section>
  );
}
