import { useEffect, useState } from "preact/hooks";

/** A place in the administration: what follows `#/` in the address. */
export interface Route {
  /** Such as `clients`; empty is the overview. */
  readonly page: string;
  readonly query: URLSearchParams;
}

/** The place that the address names, as it changes. */
export function useRoute(): Route {
  const [route, setRoute] = useState(readRoute);
  useEffect(() => {
    const follow = () => setRoute(readRoute());
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  return route;
}

/** Keeps what a page shows in its address, without another step in the history. */
export function keepInAddress(page: string, query: Readonly<Record<string, string>>): void {
  const kept = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ""));
  const text = kept.toString();
  history.replaceState(null, "", `#/${page}${text === "" ? "" : `?${text}`}`);
}

/** The query of the address as it stands, for a page that is opened. */
export function readRoute(): Route {
  const [page = "", query = ""] = location.hash.replace(/^#\/?/, "").split("?", 2);
  return { page, query: new URLSearchParams(query) };
}
