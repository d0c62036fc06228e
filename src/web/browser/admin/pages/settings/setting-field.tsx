import { Button } from "../../parts/buttons.tsx";
import { CheckField, ChoiceField, LongField, TextField } from "../../parts/fields.tsx";
import { type Setting, type Typed, textOf } from "./setting-values.ts";

const SOURCES: Readonly<Record<string, string>> = {
  default: "the default",
  command: "set by the command",
  file: "set in a configuration file",
  settings: "set here",
  environment: "set by an environment variable",
  flag: "set by a flag",
};

interface SettingFieldProps {
  readonly setting: Setting;
  readonly typed: Typed | undefined;
  readonly fault: string | undefined;
  /** Undefined takes the change back. */
  readonly onChange: (typed: Typed | undefined) => void;
}

/** One option: its value, where that comes from, and giving it back. */
export function SettingField(props: SettingFieldProps) {
  const { setting, typed, onChange } = props;
  const isSetHere = setting.source === "settings";
  return (
    <div class={typed === undefined ? "setting" : "setting changed"}>
      <Input {...props} />
      <div class="setting-acts">
        {typed === undefined ? null : (
          <Button
            kind="link"
            label={`Take back the change of ${setting.name}`}
            onClick={() => onChange(undefined)}
          >
            Take back
          </Button>
        )}
        {isSetHere && typed !== "default" ? (
          <Button kind="link" label={`Unset ${setting.name}`} onClick={() => onChange("default")}>
            Unset
          </Button>
        ) : null}
      </div>
    </div>
  );
}

function Input({ setting, typed, fault, onChange }: SettingFieldProps) {
  const { name, type, choices, fixed, minimum, maximum } = setting;
  const now =
    typed === "default" ? textOf(setting.default) : (typed?.text ?? textOf(setting.value));
  const onInput = (text: string) => onChange(text === textOf(setting.value) ? undefined : { text });
  const common = {
    label: name,
    hint: <Hint setting={setting} />,
    fault,
    disabled: fixed !== null,
  };
  if (type === "boolean") {
    return (
      <CheckField {...common} checked={now === "true"} onInput={(on) => onInput(String(on))} />
    );
  }
  if (choices) {
    const all = choices.map((choice) => [String(choice), String(choice)] as const);
    return <ChoiceField {...common} value={now} choices={all} onInput={onInput} />;
  }
  if (type === "list") {
    return (
      <LongField
        {...common}
        value={now}
        rows={Math.min(12, now.split("\n").length + 1)}
        onInput={onInput}
      />
    );
  }
  const isNumber = type === "integer";
  return (
    <TextField
      {...common}
      type={isNumber ? "number" : "text"}
      min={minimum ?? undefined}
      max={maximum ?? undefined}
      value={now}
      onInput={onInput}
    />
  );
}

function Hint({ setting }: { readonly setting: Setting }) {
  const { description, minimum, maximum, source, place, fixed } = setting;
  const range =
    minimum === null || maximum === null
      ? ""
      : ` ${minimum.toLocaleString("en-GB")} to ${maximum.toLocaleString("en-GB")}.`;
  const unsaid = textOf(setting.default) === "" ? "" : ` Default: ${textOf(setting.default)}.`;
  const from = `${SOURCES[source] ?? source}${place === null ? "" : ` ${place}`}`;
  return (
    <>
      {description}.{range}
      {unsaid} {source === "default" ? null : <em>Now {from}.</em>}
      {textOf(setting.inUse) === textOf(setting.value) ? null : (
        <strong> Needs a restart: {textOf(setting.inUse)} is still in use.</strong>
      )}
      {fixed === null ? null : <span class="fixed"> {fixed}</span>}
    </>
  );
}
