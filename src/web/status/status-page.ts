import type { HistoryReading } from "../../services/history/history-service.ts";
import type { PublicPanel } from "../../services/panel/panel-snapshot.ts";
import { type Html, html } from "../pages/html.ts";
import type { PageFiles } from "../pages/page-files.ts";
import { answerSection, titleOf } from "./answer-section.ts";
import { countSection } from "./count-section.ts";
import { factSection } from "./fact-section.ts";
import { historySection } from "./history-section.ts";
import { noticeSection } from "./notice-section.ts";
import { panelSection } from "./panel-section.ts";
import { momentText } from "./phrases.ts";
import type { StatusView } from "./status-view.ts";

/** The parts of the page that are sent anew when they change, by the names of their places. */
export const LIVE_SECTIONS = {
  notices: noticeSection,
  answers: answerSection,
  counts: countSection,
  facts: factSection,
  moment: ({ facts }: StatusView) => html`${momentText(facts.nowMs)}`,
} as const;

type SectionName = keyof typeof LIVE_SECTIONS;

export interface PageContent {
  readonly view: StatusView;
  /** Undefined if the panel is turned off. */
  readonly panel: PublicPanel | undefined;
  readonly history: HistoryReading;
  readonly files: PageFiles;
  /** The host as the browser named it, for the address of the administration. */
  readonly host: string;
}

/** How often a browser without scripts asks again, in seconds. */
const REFRESH_SECONDS = 30;

const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='4' fill='%230f6b46'/%3E%3Crect x='3' y='8' width='2.4' height='5' fill='%23fff'/%3E%3Crect x='6.8' y='5' width='2.4' height='8' fill='%23fff'/%3E%3Crect x='10.6' y='3' width='2.4' height='10' fill='%23fff'/%3E%3C/svg%3E";

/** The whole page: it says everything by itself, and a script only keeps it up to date. */
export function statusPage(content: PageContent): string {
  const { view, panel, history, files } = content;
  const { hostname } = view.facts.network;
  const part = (name: SectionName) => LIVE_SECTIONS[name](view);
  return html`<!doctype html>
<html lang="en" data-version="${view.facts.health.version}">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>${titleOf(view)}</title>
  <link rel="icon" href="${ICON}">
  ${files.style === null ? null : html`<link rel="stylesheet" href="/assets/${files.style}">`}
  ${files.preload.map((name) => html`<link rel="modulepreload" href="/assets/${name}">`)}
  <script type="module" src="/assets/${files.script}"></script>
  <noscript><meta http-equiv="refresh" content="${REFRESH_SECONDS}"></noscript>
</head>
<body>
  <a class="skip" href="#main">Skip to the answers</a>
  <header>
    <p class="name"><b>KMS Box</b> <span>${hostname}</span></p>
    ${administrationLink(content)}
  </header>
  <main id="main">
    <div id="notices">${part("notices")}</div>
    <section id="answers" class="answers" aria-live="polite">${part("answers")}</section>
    <section class="card counted" aria-labelledby="counts-title">
      <h2 id="counts-title">Machines counted</h2>
      <div id="counts">${part("counts")}</div>
    </section>
    ${panel ? html`<section class="card front" aria-labelledby="front-title"><h2 id="front-title">The box</h2>${panelSection(panel)}</section>` : null}
    <section class="card past" id="history" aria-labelledby="history-title">
      <h2 id="history-title">How the count went</h2>${historySection(history)}
    </section>
    <section class="card state" aria-labelledby="facts-title">
      <h2 id="facts-title">How the box is</h2>
      <div id="facts">${part("facts")}</div>
    </section>
  </main>
  <footer>
    <p>As of <span id="moment">${part("moment")}</span><span id="live" role="status"></span></p>
    <p>Names of machines are shown to the administrator only.</p>
  </footer>
</body>
</html>
`.text;
}

function administrationLink({ view, host }: PageContent): Html | null {
  if (view.httpsPort === null) return null;
  const port = view.httpsPort === 443 ? "" : `:${view.httpsPort}`;
  return html`<a class="admin" href="https://${host}${port}/">Administration</a>`;
}
