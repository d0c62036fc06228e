import { type Html, html } from "../pages/html.ts";
import type { StatusView } from "./status-view.ts";

/** What is wrong, gravest first, with what to do. */
export function noticeSection({ facts }: StatusView): Html {
  if (facts.faults.length === 0) return html``;
  const items = facts.faults.map(
    ({ level, title, nextStep }) => html`
      <li data-tone="${level === "fault" ? "bad" : "attention"}">
        <b>${sentenceCase(title)}</b> <span>${nextStep}</span>
      </li>`,
  );
  return html`<ul class="notices" aria-label="What wants attention">${items}</ul>`;
}

/** The panel writes in capitals. */
function sentenceCase(title: string): string {
  return title
    .split(" ")
    .map((word, index) =>
      index === 0 ? word.charAt(0) + word.slice(1).toLowerCase() : inner(word),
    )
    .join(" ");
}

/** Words that stay as they are. */
const NAMES = new Set(["DNS", "SD", "USB", "CMID", "NTP"]);

function inner(word: string): string {
  return NAMES.has(word) ? word : word.toLowerCase();
}
