const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** A moment, as the administrator's own clock shows it; how long from now stands beside it. */
export function When({ at }: { readonly at: string | number | null | undefined }) {
  if (at === null || at === undefined) return <>never</>;
  const ms = typeof at === "number" ? at * 1000 : Date.parse(at);
  return (
    <time dateTime={new Date(ms).toISOString()} title={fromNow(ms - Date.now())}>
      {new Date(ms).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" })}
    </time>
  );
}

/** How long ago, or in how long; the moment itself is its title. */
export function Ago({ at }: { readonly at: string | number | null | undefined }) {
  if (at === null || at === undefined) return <>never</>;
  const ms = typeof at === "number" ? at * 1000 : Date.parse(at);
  return (
    <time dateTime={new Date(ms).toISOString()} title={new Date(ms).toLocaleString("en-GB")}>
      {fromNow(ms - Date.now())}
    </time>
  );
}

const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/** @param awayMs negative is past */
export function fromNow(awayMs: number): string {
  const long = Math.abs(awayMs);
  if (long < MINUTE_MS) return awayMs <= 0 ? "just now" : "in less than a minute";
  if (long < HOUR_MS) return words.format(Math.trunc(awayMs / MINUTE_MS), "minute");
  if (long < DAY_MS) return words.format(Math.trunc(awayMs / HOUR_MS), "hour");
  return words.format(Math.trunc(awayMs / DAY_MS), "day");
}

/** A length of time in its two largest units. */
export function lasting(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  if (days > 0) return `${days} d ${hours % 24} h`;
  if (hours > 0) return `${hours} h ${minutes % 60} min`;
  return minutes > 0 ? `${minutes} min` : `${Math.floor(seconds)} s`;
}
