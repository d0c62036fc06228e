import type { ComponentChildren } from "preact";
import { type Act, useAct } from "../hooks/use-act.ts";
import { Outcome } from "./messages.tsx";

interface ButtonProps {
  readonly children: ComponentChildren;
  readonly onClick?: () => void;
  readonly kind?: "main" | "usual" | "danger" | "link";
  readonly type?: "button" | "submit";
  readonly busy?: boolean;
  readonly disabled?: boolean;
  readonly label?: string | undefined;
}

/** A button. One that is busy keeps the focus, and is pressed in vain. */
export function Button(props: ButtonProps) {
  const { children, onClick, kind = "usual", type = "button", busy = false } = props;
  return (
    <button
      type={type}
      class={`button ${kind}`}
      aria-busy={busy}
      aria-disabled={busy}
      disabled={props.disabled ?? false}
      aria-label={props.label}
      onClick={busy ? undefined : onClick}
    >
      {children}
    </button>
  );
}

/** A button that does something at once, with what became of it beside it. */
export function ActButton(props: {
  readonly children: ComponentChildren;
  readonly kind?: ButtonProps["kind"];
  readonly label?: string | undefined;
  readonly disabled?: boolean;
  readonly act: () => Promise<string | undefined>;
}) {
  const act = useAct(props.act);
  return (
    <span class="act">
      <Button
        kind={props.kind ?? "usual"}
        busy={act.busy}
        disabled={props.disabled ?? false}
        label={props.label}
        onClick={() => void act.run()}
      >
        {props.children}
      </Button>
      <Outcome act={act} />
    </span>
  );
}

/** The form's own button, and what became of it. */
export function Submit({ act, children }: { readonly act: Act; readonly children: string }) {
  return (
    <div class="submit">
      <Button type="submit" kind="main" busy={act.busy}>
        {children}
      </Button>
      <Outcome act={act} />
    </div>
  );
}
