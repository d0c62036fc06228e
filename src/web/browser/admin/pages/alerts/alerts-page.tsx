import { useState } from "preact/hooks";
import type { AlertsAnswer, AlertsTest } from "../../../../api/alert-schemas.ts";
import { post } from "../../api/api.ts";
import { useResource } from "../../hooks/use-resource.ts";
import { ActButton } from "../../parts/buttons.tsx";
import { Loaded, Notice } from "../../parts/messages.tsx";
import { Page, Section } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { Ago } from "../../parts/when.tsx";
import { FirstWebhook } from "./first-webhook.tsx";

const EVERY_MS = 10_000;

/** What somebody ought to know, and whether they were told. */
export function AlertsPage() {
  const alerts = useResource<AlertsAnswer>("/api/v1/alerts", EVERY_MS);
  return (
    <Page title="Alerts" about="What somebody ought to know, told by webhook and e-mail.">
      <Loaded resource={alerts}>
        {(answer) => (
          <>
            <Raised raised={answer.raised} />
            <Targets targets={answer.targets} />
            {answer.targets.length === 0 ? <FirstWebhook /> : null}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Raised({ raised }: Pick<AlertsAnswer, "raised">) {
  return (
    <Section title="Now">
      {raised.length === 0 ? <Notice kind="good">Nothing is amiss.</Notice> : null}
      {raised.map(({ key, severity, since, sentence, remedy }) => (
        <Notice key={key} kind={severity === "critical" ? "wrong" : "attention"}>
          <strong>{sentence}</strong> {remedy}{" "}
          <span class="quiet">
            Since <Ago at={since} />.
          </span>
        </Notice>
      ))}
    </Section>
  );
}

function Targets({ targets }: Pick<AlertsAnswer, "targets">) {
  const [tested, setTested] = useState<AlertsTest["targets"]>([]);
  const test = async () => {
    setTested((await post<AlertsTest>("/api/v1/alerts/test")).targets);
    return undefined;
  };
  return (
    <Section
      title="Told to"
      acts={targets.length > 0 ? <ActButton act={test}>Send a test</ActButton> : undefined}
    >
      <Table
        caption="Who is told"
        columns={[
          { key: "target", title: "Target", cell: ({ target }) => target },
          { key: "kind", title: "By", cell: ({ kind }) => kind },
          { key: "waiting", title: "Waiting", figures: true, cell: ({ waiting }) => waiting },
          { key: "reason", title: "Last message", cell: ({ reason }) => reason ?? "taken" },
        ]}
        rows={targets}
        rowKey={({ kind, target }) => `${kind} ${target}`}
        empty={
          <>
            Nobody is told. Name webhooks or a mail server in the <a href="#/settings">settings</a>{" "}
            or the configuration file.
          </>
        }
      />
      {tested.map(({ target, taken, said, reason }) => (
        <Notice key={target} kind={taken ? "good" : "wrong"}>
          {target}: {taken ? `taken. ${said ?? ""}` : reason}
        </Notice>
      ))}
    </Section>
  );
}
