import { useState } from "preact/hooks";
import { session } from "../api/session.ts";
import { useAct } from "../hooks/use-act.ts";
import { Submit } from "../parts/buttons.tsx";
import { TextField } from "../parts/fields.tsx";

/** The administrator's password. */
export function LoginForm() {
  const [password, setPassword] = useState("");
  const act = useAct(async () => {
    await session.login(password);
    return undefined;
  });
  const onSubmit = (event: Event) => {
    event.preventDefault();
    void act.run();
  };
  return (
    <form onSubmit={onSubmit}>
      {/* A password manager keeps a password for a name. */}
      <input
        class="unseen"
        type="text"
        name="username"
        value="administrator"
        autocomplete="username"
        aria-hidden="true"
        tabIndex={-1}
        readOnly
      />
      <TextField
        label="Administrator's password"
        type="password"
        value={password}
        onInput={setPassword}
        autocomplete="current-password"
        required
        autofocus
      />
      <Submit act={act}>Log in</Submit>
    </form>
  );
}
