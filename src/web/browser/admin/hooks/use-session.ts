import { useEffect, useState } from "preact/hooks";
import { type SessionState, session } from "../api/session.ts";

/** Whether somebody is logged in, as it changes. */
export function useSession(): SessionState {
  const [state, setState] = useState(session.state);
  useEffect(() => {
    // It may have changed since the page was drawn.
    setState(session.state);
    return session.watch(setState);
  }, []);
  return state;
}
