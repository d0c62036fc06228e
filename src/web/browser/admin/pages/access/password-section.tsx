import { useState } from "preact/hooks";
import { post } from "../../api/api.ts";
import { useAct } from "../../hooks/use-act.ts";
import { Submit } from "../../parts/buttons.tsx";
import { TextField } from "../../parts/fields.tsx";
import { NewPassword, newPasswordFault } from "../../parts/new-password.tsx";
import { Section } from "../../parts/page.tsx";

/** Changes the password, which ends every other session. */
export function PasswordSection() {
  const [present, setPresent] = useState("");
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const act = useAct(async () => {
    const fault = newPasswordFault(password, again);
    if (fault !== undefined) throw new Error(fault);
    await post("/api/v1/password", { current: present, password });
    for (const empty of [setPresent, setPassword, setAgain]) empty("");
    return "The password is changed. Other sessions have ended.";
  });
  const onSubmit = (event: Event) => {
    event.preventDefault();
    void act.run();
  };
  return (
    <Section title="Password">
      <form onSubmit={onSubmit}>
        <TextField
          label="Present password"
          type="password"
          value={present}
          onInput={setPresent}
          autocomplete="current-password"
          required
        />
        <NewPassword value={password} again={again} onInput={setPassword} onAgain={setAgain} />
        <Submit act={act}>Change the password</Submit>
      </form>
    </Section>
  );
}
