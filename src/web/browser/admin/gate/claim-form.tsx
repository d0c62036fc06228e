import { useState } from "preact/hooks";
import { session } from "../api/session.ts";
import { useAct } from "../hooks/use-act.ts";
import { Submit } from "../parts/buttons.tsx";
import { TextField } from "../parts/fields.tsx";
import { NewPassword, newPasswordFault } from "../parts/new-password.tsx";

/** The code from the front panel, and the password that it sets. */
export function ClaimForm({ submit }: { readonly submit: string }) {
  const [code, setCode] = useState("");
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const act = useAct(async () => {
    const fault = newPasswordFault(password, again);
    if (fault !== undefined) throw new Error(fault);
    await session.claim(code, password);
    return undefined;
  });
  const onSubmit = (event: Event) => {
    event.preventDefault();
    void act.run();
  };
  return (
    <form onSubmit={onSubmit}>
      <TextField
        label="One-time code"
        hint="Two groups of four, such as 7KM4-TXWC. Capitals and the hyphen do not matter."
        value={code}
        onInput={setCode}
        autocomplete="one-time-code"
        capitals
        required
        maxLength={32}
        autofocus
      />
      <NewPassword value={password} again={again} onInput={setPassword} onAgain={setAgain} />
      <Submit act={act}>{submit}</Submit>
    </form>
  );
}
