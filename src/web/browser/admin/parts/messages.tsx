import type { ComponentChildren } from "preact";
import { messageOf } from "../api/api-error.ts";
import type { Act } from "../hooks/use-act.ts";
import type { Resource } from "../hooks/use-resource.ts";

/** Why something failed, and what to do. */
export function Fault({ error }: { readonly error: unknown }) {
  if (error === undefined || error === null) return null;
  return (
    <p class="message wrong" role="alert">
      {messageOf(error)}
    </p>
  );
}

/** What became of an act, beside what began it. */
export function Outcome({ act }: { readonly act: Act }) {
  if (act.fault !== undefined) return <Fault error={act.fault} />;
  return act.done === undefined ? null : <p class="message good">{act.done}</p>;
}

/** Something that the administrator ought to know. */
export function Notice(props: {
  readonly kind: "good" | "attention" | "wrong" | "plain";
  readonly children: ComponentChildren;
}) {
  return <div class={`message ${props.kind}`}>{props.children}</div>;
}

/** What was asked for, once it is there; meanwhile that it is awaited, or why it did not come. */
export function Loaded<T>({
  resource,
  children,
}: {
  readonly resource: Resource<T>;
  readonly children: (data: T) => ComponentChildren;
}) {
  const { data, error } = resource;
  return (
    <>
      <Fault error={error} />
      {data !== undefined ? children(data) : error ? null : <p class="quiet">Loading…</p>}
    </>
  );
}
