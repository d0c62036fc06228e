import { type PanelFrame, showPanel } from "./panel.ts";

/** Keeps the page as it stands up to date with what the box tells; its parts arrive as they are to be shown. */
export function showLive(): void {
  const source = new EventSource("/events");
  source.addEventListener("open", () => tell("live"));
  source.addEventListener("error", () => {
    tell("no answer from the box, trying again");
    // A browser gives up by itself only when the box refused: that passes too.
    if (source.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 30_000);
  });
  source.addEventListener("sections", (event) => showSections(JSON.parse(event.data)));
  source.addEventListener("panel", (event) => showPanel(JSON.parse(event.data) as PanelFrame));
}

function tell(words: string): void {
  const place = document.getElementById("live");
  if (place && place.textContent !== words) place.textContent = words;
  document.documentElement.dataset.live = words === "live" ? "yes" : "no";
}

/** Where it already stands so, nothing is touched: a screen reader would read it again. */
function showSections({ title, version, ...parts }: Record<string, string>): void {
  if (version !== undefined && version !== document.documentElement.dataset.version) {
    location.reload();
    return;
  }
  if (title !== undefined) document.title = title;
  for (const [name, markup] of Object.entries(parts)) {
    const place = document.getElementById(name);
    if (!place || shown.get(name) === markup) continue;
    shown.set(name, markup);
    if (isSame(place, markup)) continue;
    // The box has escaped every text in it, as in the page itself.
    place.innerHTML = markup;
  }
}

const shown = new Map<string, string>();

/** Compares as the browser would write it. */
function isSame(place: Element, markup: string): boolean {
  const draft = document.createElement("template");
  draft.innerHTML = markup;
  return draft.innerHTML === place.innerHTML;
}
