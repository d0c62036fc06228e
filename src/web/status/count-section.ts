import { isActivating } from "../../panel/wording.ts";
import { type Html, html } from "../pages/html.ts";
import { listText } from "./phrases.ts";
import type { StatusView } from "./status-view.ts";

/** Products that share count and threshold are activated together, and so stand together. */
interface Group {
  readonly application: string;
  readonly names: readonly string[];
  readonly activationCount: number;
  readonly activationThreshold: number;
}

/** Count against threshold for each product; those that are not activated come first. */
export function countSection({ products, facts }: StatusView): Html {
  const groups = groupsOf(products);
  if (groups.length === 0) return html`<p class="none">No product is licensed.</p>`;
  return html`<ul class="counts">${groups.map((group) => countItem(group, facts.serving))}</ul>`;
}

function groupsOf(products: StatusView["products"]): Group[] {
  const groups = new Map<string, Group>();
  for (const { name, application, count, threshold } of products) {
    const key = `${threshold} ${application}`;
    const names = [...(groups.get(key)?.names ?? []), name];
    groups.set(key, { application, names, activationCount: count, activationThreshold: threshold });
  }
  return [...groups.values()].toSorted((a, b) => Number(reaches(a)) - Number(reaches(b)));
}

function reaches(group: Group): boolean {
  return isActivating({ name: "", ...group });
}

function countItem(group: Group, serving: boolean): Html {
  const { names, activationCount, activationThreshold } = group;
  const reached = reaches(group);
  const missing = activationThreshold - activationCount;
  const state = reached ? (serving ? "activated" : "starting") : `needs ${missing} more`;
  return html`
    <li data-tone="${reached ? "good" : "attention"}">
      <h3>${listText(names)}</h3>
      <p class="state">${state}</p>
      <p class="figure"><strong>${activationCount}</strong> of ${activationThreshold}</p>
      ${bar(group)}
    </li>`;
}

const WIDTH = 200;

/** The threshold has its place at three quarters, until the count goes far beyond. */
function bar({ names, activationCount, activationThreshold }: Group): Html {
  const full = Math.max(activationThreshold / 0.75, activationCount * 1.1);
  const filled = ((activationCount / full) * WIDTH).toFixed(1);
  const mark = ((activationThreshold / full) * WIDTH).toFixed(1);
  const label = `${listText(names)}: ${activationCount} of ${activationThreshold} machines`;
  return html`
    <svg class="bar" viewBox="0 0 ${WIDTH} 10" preserveAspectRatio="none" role="img" aria-label="${label}">
      <rect class="track" y="2" width="${WIDTH}" height="6" rx="3"/>
      <rect class="fill" y="2" width="${filled}" height="6" rx="3"/>
      <rect class="mark" x="${mark}" width="1.4" height="10"/>
    </svg>`;
}
