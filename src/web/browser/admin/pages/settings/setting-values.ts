import type { SettingsAnswer } from "../../../../api/settings-schemas.ts";

/** One option of the box. */
export type Setting = SettingsAnswer["options"][number];

/** What stands in a field that was changed; `default` gives the value back to what is below. */
export type Typed = { readonly text: string } | "default";

export interface SettingGroup {
  readonly title: string;
  readonly options: readonly Setting[];
}

/** Has a page of its own, with the keys of the domains. */
const ELSEWHERE = "dns.domains";

const TITLES: Readonly<Record<string, string>> = {
  "": "The box",
  dns: "DNS",
  web: "Pages",
  policy: "Rules of activation",
  rateLimit: "Limits of each address",
};

/** The options by the first part of their names, those that a search finds. */
export function groupsOf(options: readonly Setting[], search: string): SettingGroup[] {
  const wanted = search.trim().toLowerCase();
  const groups = new Map<string, Setting[]>();
  for (const option of options) {
    if (option.name === ELSEWHERE) continue;
    if (!`${option.name} ${option.description}`.toLowerCase().includes(wanted)) continue;
    const group = option.name.includes(".") ? (option.name.split(".")[0] ?? "") : "";
    groups.set(group, [...(groups.get(group) ?? []), option]);
  }
  return [...groups].map(([group, found]) => ({
    title: TITLES[group] ?? capital(group),
    options: found,
  }));
}

/** How a value stands in its field. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value) && value.every((each) => typeof each === "string")) {
    return value.join("\n");
  }
  return typeof value === "string" ? value : JSON.stringify(value, undefined, 2);
}

/** What is sent of what stands in a field: a value that cannot be one is sent as it is, and refused. */
export function sentValueOf({ type, choices, value: before }: Setting, typed: Typed): unknown {
  if (typed === "default") return null;
  const { text } = typed;
  if (type === "boolean") return text === "true";
  if (type === "list") return listOf(text, before);
  if (choices) return choices.find((choice) => String(choice) === text) ?? text;
  return type === "integer" && text.trim() !== "" ? Number(text) : text;
}

/** A list of names is typed a line each; one of objects as JSON. */
function listOf(text: string, before: unknown): unknown {
  const isOfObjects = Array.isArray(before) && before.some((each) => typeof each === "object");
  if (!isOfObjects && !text.trim().startsWith("[")) {
    return text.split("\n").flatMap((line) => (line.trim() === "" ? [] : [line.trim()]));
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
