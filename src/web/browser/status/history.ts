import type { HistoryAnswer } from "../../api/history-schemas.ts";

type Application = HistoryAnswer["applications"][number];

/** How often the charts are drawn anew: as often as the box looks at the count. */
const EVERY_MS = 60_000;

/** Puts charts to be read off in place of the box's drawings, and changes the range without a new page. */
export function startHistory(): void {
  const nav = document.querySelector(".ranges");
  nav?.addEventListener("click", (event) => {
    const link = (event.target as Element).closest("a");
    if (!link?.dataset.range) return;
    event.preventDefault();
    history.replaceState(null, "", link.getAttribute("href"));
    for (const each of nav.querySelectorAll("a")) each.removeAttribute("aria-current");
    link.setAttribute("aria-current", "true");
    void show(link.dataset.range);
  });
  const again = () => void show(currentRange());
  again();
  setInterval(again, EVERY_MS);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
}

function currentRange(): string {
  return (
    document.querySelector<HTMLElement>('.ranges [aria-current="true"]')?.dataset.range ?? "24h"
  );
}

/** The drawings stay where it does not work. */
async function show(range: string): Promise<void> {
  const place = document.getElementById("charts");
  if (!place) return;
  try {
    const [answer, { drawChart }] = await Promise.all([load(range), import("./chart.ts")]);
    if (range !== currentRange()) return;
    place.dataset.range = range;
    for (const application of answer.applications) {
      const figure = figureOf(place, application);
      if (figure) drawChart(figure, application, answer);
    }
  } catch {
    place.dataset.failed = "yes";
  }
}

async function load(range: string): Promise<HistoryAnswer> {
  const answer = await fetch(`/history.json?range=${range}`);
  if (!answer.ok) throw new Error(answer.statusText);
  return (await answer.json()) as HistoryAnswer;
}

/** A product that was licensed meanwhile has its place once the page is loaded again. */
function figureOf(place: HTMLElement, { application }: Application): HTMLElement | undefined {
  return [...place.querySelectorAll<HTMLElement>("figure.chart")].find(
    (figure) => figure.dataset.application === application,
  );
}
