import { useState } from "preact/hooks";
import type { SettingsAnswer } from "../../../../api/settings-schemas.ts";
import { ask, post } from "../../api/api.ts";
import { ApiError, type NamedFault } from "../../api/api-error.ts";
import { useAct } from "../../hooks/use-act.ts";
import { type Resource, useResource } from "../../hooks/use-resource.ts";
import { ActButton, Submit } from "../../parts/buttons.tsx";
import { TextField } from "../../parts/fields.tsx";
import { Loaded, Notice, Outcome } from "../../parts/messages.tsx";
import { Page, Section } from "../../parts/page.tsx";
import { SettingField } from "./setting-field.tsx";
import { groupsOf, type Setting, sentValueOf, type Typed } from "./setting-values.ts";

/** Every option of the box: what may be changed here, and why the rest may not. */
export function SettingsPage() {
  const settings = useResource<SettingsAnswer>("/api/v1/settings");
  return (
    <Page
      title="Settings"
      about="What is set here stands over the configuration files, and below what the box is started with."
    >
      <Loaded resource={settings}>
        {(answer) => (
          <>
            <Restart answer={answer} />
            <SettingsForm answer={answer} settings={settings} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Restart({ answer: { restartNeeded, faults } }: { readonly answer: SettingsAnswer }) {
  return (
    <>
      {faults.map((fault) => (
        <Notice key={fault} kind="wrong">
          The next start would fail: {fault}
        </Notice>
      ))}
      {restartNeeded ? (
        <Notice kind="attention">
          Something is set that is used only after a restart.{" "}
          <ActButton
            act={async () => {
              await post("/api/v1/restart");
              return "The service starts again.";
            }}
          >
            Restart now
          </ActButton>
        </Notice>
      ) : null}
    </>
  );
}

function SettingsForm(props: {
  readonly answer: SettingsAnswer;
  readonly settings: Resource<SettingsAnswer>;
}) {
  const { answer, settings } = props;
  const [typed, setTyped] = useState<Readonly<Record<string, Typed>>>({});
  const [faults, setFaults] = useState<readonly NamedFault[]>([]);
  const [search, setSearch] = useState("");
  const changed = Object.keys(typed).length;
  const act = useAct(async () => {
    setFaults([]);
    try {
      await ask("PATCH", "/api/v1/settings", {
        body: { changes: changesOf(answer.options, typed) },
      });
    } catch (error) {
      if (error instanceof ApiError) setFaults(error.faults);
      throw error;
    }
    setTyped({});
    settings.reload();
    return "The settings are kept.";
  });
  const onSubmit = (event: Event) => {
    event.preventDefault();
    if (changed > 0) void act.run();
  };
  const change = (name: string, value: Typed | undefined) => {
    const { [name]: _before, ...others } = typed;
    setTyped(value === undefined ? others : { ...others, [name]: value });
  };
  return (
    <form onSubmit={onSubmit} noValidate>
      <search class="tools">
        <TextField
          label="Search the settings"
          hint={
            <>
              The domains of DNS and their keys are on the <a href="#/dns">DNS page</a>.
            </>
          }
          type="search"
          value={search}
          onInput={setSearch}
        />
      </search>
      {groupsOf(answer.options, search).map(({ title, options }) => (
        <Section key={title} title={title}>
          {options.map((option) => (
            <SettingField
              key={option.name}
              setting={option}
              typed={typed[option.name]}
              fault={faults.find((each) => each.option === option.name)?.fault}
              onChange={(value) => change(option.name, value)}
            />
          ))}
        </Section>
      ))}
      {changed > 0 ? (
        <div class="save">
          <Submit act={act}>{`Save ${changed} changed`}</Submit>
        </div>
      ) : (
        <Outcome act={act} />
      )}
    </form>
  );
}

function changesOf(options: readonly Setting[], typed: Readonly<Record<string, Typed>>) {
  return Object.fromEntries(
    options.flatMap((option) => {
      const given = typed[option.name];
      return given === undefined ? [] : [[option.name, sentValueOf(option, given)]];
    }),
  );
}
