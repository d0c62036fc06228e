import { type Html, html } from "../pages/html.ts";
import { type Answer, answerNextWeek, answerNow } from "./answers.ts";
import type { StatusView } from "./status-view.ts";

/** The two questions that somebody comes with, and their answers. */
export function answerSection(view: StatusView): Html {
  const now = answerNow(view);
  return html`
    <div class="answer" data-tone="${now.tone}">
      <h1><span class="question">Are we activating?</span> <span class="short">${now.short}</span></h1>
      <p>${now.long}</p>
    </div>
    ${second("And next week?", answerNextWeek(view, now))}`;
}

function second(question: string, { tone, short, long }: Answer): Html {
  return html`
    <div class="answer lesser" data-tone="${tone}">
      <h2><span class="question">${question}</span> <span class="short">${short}</span></h2>
      <p>${long}</p>
    </div>`;
}

/** What a browser shows as the page's name. */
export function titleOf(view: StatusView): string {
  return `${answerNow(view).short} · ${view.facts.network.hostname} · KMS Box`;
}
