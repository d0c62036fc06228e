import type { Policy } from "../../domain/policy.ts";
import type { Day, Timeline, Turn, TurnKind } from "../../services/simulation/timeline.ts";
import { type ChartStyle, chartLines } from "../support/chart.ts";
import { formatDuration } from "../support/dates.ts";
import { type Column, tableLines } from "../support/table.ts";

/** Days that follow each other and differ in nothing but how many contacts there were. */
interface Stretch {
  readonly days: readonly Day[];
  readonly turns: readonly Turn[];
}

/** The timeline as table and as chart, for a person. */
export function reportLines(timeline: Timeline, policy: Policy, style: ChartStyle): string[] {
  const { days } = timeline;
  const charts = [
    { title: "Activation count", values: days.map(({ count }) => count) },
    { title: "Licensed clients", values: days.map(({ clients }) => clients.licensed) },
    { title: "Activations a day", values: days.map(({ activations }) => activations) },
    { title: "Refusals a day", values: days.map(({ refusals }) => refusals) },
    { title: "Retries a day", values: days.map(({ retries }) => retries) },
  ];
  return [
    ...tableLines(columns(policy), stretches(timeline)),
    "",
    `Day 1 to ${days.length}:`,
    ...charts.flatMap((series) => ["", ...chartLines(series, style)]),
  ];
}

function columns(policy: Policy): Column<Stretch>[] {
  const sum = (title: string, of: (day: Day) => number): Column<Stretch> => ({
    title,
    align: "right",
    cell: ({ days }) => range(days.map(of)),
  });
  return [
    { title: "DAY", align: "right", cell: ({ days }) => range(days.map(({ day }) => day)) },
    sum("COUNT", ({ count }) => count),
    sum("ACTIVATIONS", ({ activations }) => activations),
    sum("REFUSALS", ({ refusals }) => refusals),
    sum("RETRIES", ({ retries }) => retries),
    sum("LICENSED", ({ clients }) => clients.licensed),
    sum("RETRYING", ({ retrying }) => retrying),
    {
      title: "WHAT HAPPENED",
      cell: ({ turns }) => turns.map((turn) => sentence(turn, policy)).join("; "),
    },
  ];
}

function range(values: readonly number[]): string {
  const least = values.reduce((a, b) => Math.min(a, b));
  const most = values.reduce((a, b) => Math.max(a, b));
  return least === most ? String(least) : `${least}-${most}`;
}

function stretches({ days, turns }: Timeline): Stretch[] {
  const made: { days: Day[]; turns: Turn[] }[] = [];
  for (const day of days) {
    const ofDay = turns.filter((turn) => turn.day === day.day);
    const last = made.at(-1);
    const before = last?.days[0];
    if (last && before && last.turns.length + ofDay.length === 0 && sameStanding(before, day)) {
      last.days.push(day);
    } else {
      made.push({ days: [day], turns: ofDay });
    }
  }
  return made;
}

function sameStanding(a: Day, b: Day): boolean {
  return (
    a.count === b.count && a.clients.licensed === b.clients.licensed && a.retrying === b.retrying
  );
}

const SENTENCES: { readonly [K in TurnKind]: (turn: Turn, policy: Policy) => string } = {
  "clients-joined": ({ clients }) => (clients === 1 ? "1 new client" : `${clients} new clients`),
  "clients-left": ({ clients }) => `${number(clients)} left for good`,
  "threshold-reached": ({ count }) => `the count reached the threshold, ${count}`,
  "threshold-lost": ({ count }) => `the count fell to ${count}, nobody is activated`,
  "all-retrying": ({ clients }, policy) =>
    `${number(clients)} trying every ${formatDuration(policy.retryIntervalMs)}`,
  "all-renewing": ({ clients }, policy) =>
    `${number(clients)} licensed, renewing every ${formatDuration(policy.renewalIntervalMs)}`,
  "first-out-of-tolerance": () => "the first is no longer activated",
  "all-out-of-tolerance": ({ clients }) => `all ${clients} in out-of-tolerance grace`,
  "first-notification": () => "the first shows notifications",
  "all-notification": ({ clients }) => `all ${clients} show notifications`,
};

function sentence(turn: Turn, policy: Policy): string {
  return SENTENCES[turn.kind](turn, policy);
}

function number(clients: number): string {
  return clients === 1 ? "1 client" : `${clients} clients`;
}
