import { useEffect, useState } from "preact/hooks";
import type { SessionState } from "../api/session.ts";
import { Button } from "../parts/buttons.tsx";
import { Notice } from "../parts/messages.tsx";
import { ClaimForm } from "./claim-form.tsx";
import { LoginForm } from "./login-form.tsx";

/** What stands before the administration until somebody has shown that they may enter. */
export function Gate({ state }: { readonly state: SessionState }) {
  return (
    <div class="gate">
      <main class="card">
        <p class="brand">KMS Box</p>
        <Way state={state} />
      </main>
    </div>
  );
}

function Way({ state: { kind } }: { readonly state: SessionState }) {
  const [lost, setLost] = useState(false);
  useEffect(() => {
    document.title = "Log in · KMS Box";
  }, []);
  if (kind === "asking") return <p class="quiet">Asking the box…</p>;
  if (kind === "unreachable") {
    return <Notice kind="attention">The box does not answer. It is asked again.</Notice>;
  }
  if (kind === "unclaimed") return <Claim />;
  if (lost) return <Lost onBack={() => setLost(false)} />;
  return (
    <>
      <h1>Log in</h1>
      <LoginForm />
      <Button kind="link" onClick={() => setLost(true)}>
        The password is lost
      </Button>
    </>
  );
}

function Claim() {
  return (
    <>
      <h1>Make this box yours</h1>
      <p class="about">
        Nobody administers this box yet. Who stands before it may: hold its button for 3 seconds and
        let go. The display shows a code for 5 minutes.
      </p>
      <ClaimForm submit="Claim this box" />
    </>
  );
}

function Lost({ onBack }: { readonly onBack: () => void }) {
  return (
    <>
      <h1>A new password</h1>
      <p class="about">
        A lost password is not shown or sent anywhere: it is replaced. Hold the box's button for 3
        seconds and let go. The display shows a code for 5 minutes. Whoever is logged in elsewhere
        is logged out; machines, licences and settings stay as they are.
      </p>
      <ClaimForm submit="Set the new password" />
      <Button kind="link" onClick={onBack}>
        Back to the login
      </Button>
    </>
  );
}
