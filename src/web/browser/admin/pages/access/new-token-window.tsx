import { useEffect, useRef, useState } from "preact/hooks";
import type { Scope } from "../../../../api/access.ts";
import type { TokenMade } from "../../../../api/token-schemas.ts";
import { post } from "../../api/api.ts";
import { useAct } from "../../hooks/use-act.ts";
import { ActButton, Button, Submit } from "../../parts/buttons.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { CheckField, TextField } from "../../parts/fields.tsx";
import { Notice } from "../../parts/messages.tsx";

const SCOPES = {
  status: "What the public page shows too",
  clients: "Machines' names, CMIDs and what happened",
  manage: "Licences, clients, DNS, clock and settings",
  system: "Restart, power off, factory reset, backup and restore",
  administration: "Password, tokens and the audit log",
} as const satisfies Record<Scope, string>;

const ALL_SCOPES = Object.keys(SCOPES) as Scope[];

/** Makes a token, and shows its secret this once. */
export function NewTokenWindow(props: {
  readonly onMade: () => void;
  readonly onClose: () => void;
}) {
  const [secret, setSecret] = useState<string>();
  return (
    <Dialog title="New token" onClose={props.onClose}>
      {secret === undefined ? (
        <Making
          onMade={(made) => {
            setSecret(made);
            props.onMade();
          }}
        />
      ) : (
        <Made secret={secret} onClose={props.onClose} />
      )}
    </Dialog>
  );
}

function Making({ onMade }: { readonly onMade: (secret: string) => void }) {
  const [name, setName] = useState("");
  const [days, setDays] = useState("");
  const [scopes, setScopes] = useState<readonly Scope[]>(["status"]);
  const act = useAct(async () => {
    if (scopes.length === 0) throw new Error("A token that may do nothing is of no use. Choose.");
    const ends = days === "" ? {} : { expiresDays: Number(days) };
    onMade((await post<TokenMade>("/api/v1/tokens", { name, scopes, ...ends })).token);
    return undefined;
  });
  const onSubmit = (event: Event) => {
    event.preventDefault();
    void act.run();
  };
  const choose = (scope: Scope, chosen: boolean) =>
    setScopes(ALL_SCOPES.filter((each) => (each === scope ? chosen : scopes.includes(each))));
  return (
    <form onSubmit={onSubmit}>
      <TextField
        label="Name"
        hint="Whose it is, as the audit log names it."
        value={name}
        onInput={setName}
        maxLength={64}
        required
        autofocus
      />
      <fieldset>
        <legend>May do</legend>
        {ALL_SCOPES.map((scope) => (
          <CheckField
            key={scope}
            label={scope}
            hint={SCOPES[scope]}
            checked={scopes.includes(scope)}
            onInput={(chosen) => choose(scope, chosen)}
          />
        ))}
      </fieldset>
      <TextField
        label="Ends after days"
        hint="Empty: it never ends by itself."
        type="number"
        min={1}
        max={3660}
        value={days}
        onInput={setDays}
      />
      <Submit act={act}>Make the token</Submit>
    </form>
  );
}

function Made({ secret, onClose }: { readonly secret: string; readonly onClose: () => void }) {
  // The form that had the focus is gone.
  const token = useRef<HTMLPreElement>(null);
  useEffect(() => token.current?.focus(), []);
  return (
    <>
      <Notice kind="attention">Keep it now: it is never shown again.</Notice>
      <pre ref={token} class="text" tabIndex={-1}>
        {secret}
      </pre>
      <div class="acts">
        <ActButton
          act={async () => {
            await navigator.clipboard.writeText(secret);
            return "Copied.";
          }}
        >
          Copy
        </ActButton>
        <Button kind="main" onClick={onClose}>
          Done
        </Button>
      </div>
    </>
  );
}
