import { RANGES, type Range } from "../../domain/history/tiers.ts";
import type { ApplicationSeries, HistoryReading } from "../../services/history/history-service.ts";
import { type Html, html } from "../pages/html.ts";
import { historySvg } from "./history-svg.ts";
import { historyWords, RANGE_NAMES } from "./history-words.ts";
import { listText } from "./phrases.ts";

/** How the counts went; the stretch of time is chosen by a link, so that it is without a script too. */
export function historySection(reading: HistoryReading): Html {
  const { range, applications, nowMs } = reading;
  const offsetMinutes = -new Date(nowMs).getTimezoneOffset();
  return html`
    <nav class="ranges" aria-label="Stretch of time">${RANGES.map((each) => tab(each, range))}</nav>
    <div id="charts" data-range="${range}" data-offset-minutes="${offsetMinutes}">
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
  const words = historyWords(series.parts, range);
  return html`
      <figure class="chart" data-application="${application}">
        <figcaption><b>${name}</b> <span class="words">${words}</span> <span class="key">threshold ${listText(thresholds.map(String))}</span></figcaption>
        ${historySvg(series.parts, { range, nowMs, thresholds, label: `${name}: ${words}` })}
      </figure>`;
}
