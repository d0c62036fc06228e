import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

interface FieldProps {
  readonly label: string;
  readonly hint?: ComponentChildren;
  /** Why the value will not do. */
  readonly fault?: string | undefined;
}

interface TextFieldProps extends FieldProps {
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly type?: "text" | "search" | "number" | "password";
  readonly autocomplete?: string;
  readonly required?: boolean;
  readonly disabled?: boolean;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly autofocus?: boolean;
  readonly capitals?: boolean;
}

/** The types of the library tell inputs apart by theirs. */
const KINDS = {
  text: { type: "text" },
  search: { type: "search" },
  number: { type: "number" },
  password: { type: "password" },
} as const;

/** A line of text with its label above, and what is wrong with it below. */
export function TextField(props: TextFieldProps) {
  const { label, value, onInput, type = "text", hint, fault } = props;
  const id = useId();
  return (
    <Labelled id={id} label={label} hint={hint} fault={fault}>
      <input
        id={id}
        {...KINDS[type]}
        value={value}
        required={props.required ?? false}
        disabled={props.disabled ?? false}
        minLength={props.minLength}
        maxLength={props.maxLength}
        min={props.min}
        max={props.max}
        autocomplete={props.autocomplete ?? "off"}
        autocapitalize={props.capitals ? "characters" : "off"}
        spellcheck={false}
        // biome-ignore lint/a11y/noAutofocus: only where a page or window has nothing before it
        autoFocus={props.autofocus ?? false}
        aria-invalid={fault !== undefined}
        aria-describedby={describedBy(id, hint, fault)}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </Labelled>
  );
}

/** Several lines of text. */
export function LongField(
  props: FieldProps & {
    readonly value: string;
    readonly onInput: (value: string) => void;
    readonly rows?: number;
    readonly disabled?: boolean;
  },
) {
  const id = useId();
  return (
    <Labelled id={id} {...props}>
      <textarea
        id={id}
        rows={props.rows ?? 4}
        value={props.value}
        spellcheck={false}
        disabled={props.disabled ?? false}
        aria-invalid={props.fault !== undefined}
        aria-describedby={describedBy(id, props.hint, props.fault)}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
    </Labelled>
  );
}

/** One of several. */
export function ChoiceField(
  props: FieldProps & {
    readonly value: string;
    readonly choices: readonly (readonly [value: string, label: string])[];
    readonly onInput: (value: string) => void;
    readonly disabled?: boolean;
  },
) {
  const id = useId();
  return (
    <Labelled id={id} {...props}>
      <select
        id={id}
        value={props.value}
        disabled={props.disabled ?? false}
        aria-describedby={describedBy(id, props.hint, props.fault)}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      >
        {props.choices.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </Labelled>
  );
}

/** Yes or no. */
export function CheckField(
  props: FieldProps & {
    readonly checked: boolean;
    readonly onInput: (checked: boolean) => void;
    readonly disabled?: boolean;
  },
) {
  const id = useId();
  return (
    <div class="field check">
      <input
        id={id}
        type="checkbox"
        checked={props.checked}
        disabled={props.disabled ?? false}
        aria-describedby={describedBy(id, props.hint, props.fault)}
        onInput={(event) => props.onInput(event.currentTarget.checked)}
      />
      <label for={id}>{props.label}</label>
      <Below id={id} hint={props.hint} fault={props.fault} />
    </div>
  );
}

/** A file of the administrator's computer. */
export function FileField(
  props: FieldProps & {
    readonly onInput: (file: File | undefined) => void;
    readonly accept?: string;
  },
) {
  const id = useId();
  return (
    <Labelled id={id} {...props}>
      <input
        id={id}
        type="file"
        accept={props.accept}
        aria-describedby={describedBy(id, props.hint, props.fault)}
        onInput={(event) => props.onInput(event.currentTarget.files?.[0])}
      />
    </Labelled>
  );
}

function Labelled(
  props: FieldProps & { readonly id: string; readonly children: ComponentChildren },
) {
  return (
    <div class="field">
      <label for={props.id}>{props.label}</label>
      {props.children}
      <Below id={props.id} hint={props.hint} fault={props.fault} />
    </div>
  );
}

function Below({ id, hint, fault }: Omit<FieldProps, "label"> & { readonly id: string }) {
  return (
    <>
      {hint === undefined ? null : (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {fault === undefined ? null : (
        <p class="field-fault" id={`${id}-fault`} role="alert">
          {fault}
        </p>
      )}
    </>
  );
}

function describedBy(id: string, hint: unknown, fault: unknown): string | undefined {
  const ids = [
    hint === undefined ? [] : [`${id}-hint`],
    fault === undefined ? [] : [`${id}-fault`],
  ];
  const text = ids.flat().join(" ");
  return text === "" ? undefined : text;
}
