import { DAY_MS } from "../../domain/units.ts";
import type { PanelCount } from "../../panel/facts.ts";
import { isActivating } from "../../panel/wording.ts";
import { dayText, listText, machines } from "./phrases.ts";
import type { StatusView } from "./status-view.ts";

/** `unknown` is what nobody can tell yet. */
export type Tone = "good" | "attention" | "bad" | "unknown";

/** An answer to a question that nobody had to ask. */
export interface Answer {
  readonly tone: Tone;
  /** One or two words. */
  readonly short: string;
  /** A sentence or two. */
  readonly long: string;
}

/** Faults with which nobody is activated. */
const STOPPED: Readonly<Record<string, string>> = {
  "host-replaced": "A restored box took the place of this one.",
  "storage-failed": "The storage has failed.",
  "clock-untrusted": "The box does not know yet what time it is.",
  "no-licence": "No valid licence is installed.",
};

/** Are we activating? */
export function answerNow({ facts }: StatusView): Answer {
  const { counts, faults, serving } = facts;
  if (!serving) {
    return { tone: "attention", short: "Starting", long: "The box has just started." };
  }
  const stop = faults.find(({ code }) => code in STOPPED);
  if (stop) {
    const long = `Nobody is activated. ${STOPPED[stop.code]} What to do: ${stop.nextStep}.`;
    return { tone: "bad", short: "No", long };
  }
  const below = counts.filter((count) => !isActivating(count));
  const above = counts.filter(isActivating);
  if (counts.length === 0) {
    return { tone: "bad", short: "No", long: "There is no product to activate." };
  }
  if (below.length === 0) {
    const long = "Every machine that asks is activated.";
    return { tone: "good", short: "Yes", long };
  }
  const needs = below.map(needText).join(" ");
  if (above.length === 0) {
    const long = `${needs} Machines that ask are counted until then.`;
    return { tone: "attention", short: "Not yet", long };
  }
  const long = `${listText(above.map(({ name }) => name))}: yes. ${needs}`;
  return { tone: "attention", short: "In part", long };
}

function needText({ name, activationCount, activationThreshold }: PanelCount): string {
  const more = activationThreshold - activationCount;
  const [subject, verb] =
    more === 1 ? ["1 more machine", "has"] : [`${more} more machines`, "have"];
  return `${name} is activated once ${subject} ${verb} asked.`;
}

const WEEK_MS = 7 * DAY_MS;

/** Will we still be next week? */
export function answerNextWeek(view: StatusView, now: Answer): Answer {
  const { facts, outlook, licenceEndsMs } = view;
  const untilMs = facts.nowMs + WEEK_MS;
  if (now.tone === "bad") {
    return { tone: "bad", short: "No", long: "Not unless that is put right." };
  }
  if (licenceEndsMs !== null && licenceEndsMs <= untilMs) {
    const long = `The licence ends on ${dayText(licenceEndsMs)}: ask the vendor for a new one.`;
    return { tone: "bad", short: "No", long };
  }
  if (!facts.counts.some(isActivating)) {
    const long = "Only if more machines ask by then. Each counts for 30 days since it asked last.";
    return { tone: "attention", short: "Not yet known", long };
  }
  if (outlook === undefined) {
    const long = "The forecast is being made.";
    return { tone: "unknown", short: "Not yet known", long };
  }
  return foreseen(view, outlook, untilMs);
}

function foreseen(
  { facts, products }: StatusView,
  outlook: NonNullable<StatusView["outlook"]>,
  untilMs: number,
): Answer {
  const held = outlook.flatMap(({ application, threshold, lostMs }) => {
    const names = products
      .filter((product) => product.application === application && product.activating)
      .filter((product) => product.threshold === threshold)
      .map(({ name }) => name);
    return names.length > 0 && lostMs !== null ? [{ names, threshold, lostMs }] : [];
  });
  const [first] = held.toSorted((a, b) => a.lostMs - b.lostMs);
  if (!first) {
    const long =
      "Even if no new machine comes and those that are overdue stay away, the count stays at the threshold.";
    return { tone: "good", short: "Yes", long };
  }
  const { names, threshold, lostMs } = first;
  const day = dayText(Math.max(lostMs, facts.nowMs));
  if (lostMs > untilMs) {
    const long = `If no new machine comes and those that are overdue stay away, it lasts until ${day}.`;
    return { tone: "good", short: "Yes", long };
  }
  const long =
    `On ${day} the count for ${listText(names)} falls below ${machines(threshold)}, ` +
    "unless a new one comes, or one that is overdue.";
  return { tone: "attention", short: "Perhaps not", long };
}
