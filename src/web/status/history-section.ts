import { RANGES, type Range } from "../../domain/history/tiers.ts";
import type { ApplicationSeries, HistoryReading } from "../../services/history/history-service.ts";
import { type Html, html } from "../pages/html.ts";
import { historySvg } from "./history-svg.ts";
import { listText } from "./phrases.ts";

const RANGE_NAMES: Readonly<Record<Range, { tab: string; title: string }>> = {
  "24h": { tab: "24 hours", title: "the last 24 hours" },
  "30d": { tab: "30 days", title: "the last 30 days" },
  "1y": { tab: "1 year", title: "the last year" },
};

/** How the counts went; the stretch of time is chosen by a link, so that it is without a script too. */
export function historySection(reading: HistoryReading): Html {
  const { range, applications } = reading;
  return html`
    <nav class="ranges" aria-label="Stretch of time">${RANGES.map((each) => tab(each, range))}</nav>
    <div id="charts" data-range="${range}">
      ${applications.map((series) => chart(series, reading))}
      ${applications.length === 0 ? html`<p class="none">No product is licensed.</p>` : null}
    </div>`;
}

function tab(range: Range, current: Range): Html {
  const { tab: name } = RANGE_NAMES[range];
  const mark = range === current ? html` aria-current="true"` : null;
  return html`<a href="/?range=${range}#history" data-range="${range}"${mark}>${name}</a>`;
}

function chart(series: ApplicationSeries, { range, nowMs }: HistoryReading): Html {
  const { application, products } = series;
  const name = products.length === 1 ? (products[0]?.name ?? application) : application;
  const thresholds = [...new Set(products.map(({ threshold }) => threshold))];
  const words = wordsOf(series, RANGE_NAMES[range].title);
  return html`
      <figure class="chart" data-application="${application}">
        <figcaption><b>${name}</b> <span class="words">${words}</span> <span class="key">threshold ${listText(thresholds.map(String))}</span></figcaption>
        ${historySvg(series.parts, { range, nowMs, thresholds, label: `${name}: ${words}` })}
      </figure>`;
}

/** The chart for who cannot see it. */
function wordsOf({ parts }: ApplicationSeries, title: string): string {
  const buckets = parts.flatMap((part) => part.buckets);
  if (buckets.length === 0) return `nothing is known yet of ${title}`;
  const least = Math.min(...buckets.map((bucket) => bucket.least));
  const most = Math.max(...buckets.map((bucket) => bucket.most));
  const counts = least === most ? `always ${least}` : `between ${least} and ${most}`;
  const always = buckets.every(({ activating }) => activating);
  const never = buckets.every(({ activating }) => !activating);
  const activated = always ? "always" : never ? "never" : "not always";
  return `${counts} in ${title}, ${activated} activated`;
}
