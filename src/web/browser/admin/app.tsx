import { useEffect, useState } from "preact/hooks";
import type { SessionState } from "./api/session.ts";
import { Gate } from "./gate/gate.tsx";
import { LoginAgain } from "./gate/login-again.tsx";
import { StartingAgain } from "./gate/starting-again.tsx";
import { useRoute } from "./hooks/use-route.ts";
import { useSession } from "./hooks/use-session.ts";
import { pageOf } from "./page-list.tsx";
import { Announcer } from "./parts/announcer.tsx";
import { Shell } from "./shell.tsx";

/** The whole administration: a gate first, and what is behind it once somebody is let in. */
export function App() {
  const state = useSession();
  const isInside = useIsInside(state);
  return (
    <>
      {isInside ? <Inside state={state} /> : <Gate state={state} />}
      <Announcer />
    </>
  );
}

/** Whoever was let in stays until they leave: a session that ends takes nothing from the page. */
function useIsInside({ kind }: SessionState): boolean {
  const [inside, setInside] = useState(false);
  useEffect(() => {
    if (kind === "logged-in") setInside(true);
    if (kind === "logged-out" || kind === "unclaimed") setInside(false);
  }, [kind]);
  return kind === "logged-in" || (inside && kind !== "logged-out" && kind !== "unclaimed");
}

function Inside({ state }: { readonly state: SessionState }) {
  const { page } = useRoute();
  const { view: View, path } = pageOf(page);
  return (
    <>
      <Shell current={path}>
        <View key={path} />
      </Shell>
      <Above state={state} />
    </>
  );
}

/** What has to be done, or to end, before the page goes on. */
function Above({ state }: { readonly state: SessionState }) {
  if (state.kind === "logged-in") return null;
  return state.kind === "restarting" ? <StartingAgain done={state.done} /> : <LoginAgain />;
}
