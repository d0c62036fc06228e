import { useEffect, useState } from "preact/hooks";
import type { EventPage } from "../../../../api/schemas.ts";
import { useResource } from "../../hooks/use-resource.ts";
import { useSession } from "../../hooks/use-session.ts";

export type BoxEvent = EventPage["events"][number];

const EVERY_MS = 2000;
/** As many as the box keeps. */
const KEPT = 5000;

/** The box's events, oldest first: each is fetched once. */
export function useEvents() {
  const [events, setEvents] = useState<readonly BoxEvent[]>([]);
  const session = useSession();
  const token = session.kind === "logged-in" ? session.csrfToken : undefined;
  // A box that was restarted counts its events anew, and has ended every session.
  useEffect(() => {
    if (token !== undefined) setEvents([]);
  }, [token]);
  const after = events.at(-1)?.sequence ?? 0;
  const { data, error } = useResource<EventPage>(`/api/v1/events?after=${after}`, EVERY_MS);
  useEffect(() => {
    if (!data || data.events.length === 0) return;
    setEvents((before) => joined(before, data.events));
  }, [data]);
  return { events, error };
}

function joined(before: readonly BoxEvent[], more: readonly BoxEvent[]): readonly BoxEvent[] {
  const last = before.at(-1)?.sequence ?? 0;
  return [...before, ...more.filter(({ sequence }) => sequence > last)].slice(-KEPT);
}
