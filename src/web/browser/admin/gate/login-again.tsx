import { session } from "../api/session.ts";
import { useSession } from "../hooks/use-session.ts";
import { Button } from "../parts/buttons.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Notice } from "../parts/messages.tsx";
import { LoginForm } from "./login-form.tsx";

/** Above the page when the session has ended: what was typed there stays, and goes on afterwards. */
export function LoginAgain() {
  const { kind } = useSession();
  return (
    <Dialog title="Log in again" onClose={() => undefined} stays>
      {kind === "unreachable" ? (
        <Notice kind="attention">The box does not answer. It is asked again.</Notice>
      ) : (
        <>
          <p class="about">The session has ended. The page goes on where it was.</p>
          <LoginForm />
        </>
      )}
      <Button kind="link" onClick={() => void session.logout()}>
        Leave instead
      </Button>
    </Dialog>
  );
}
