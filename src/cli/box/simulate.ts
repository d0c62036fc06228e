import { Command, Option } from "commander";
import { DEFAULT_POLICY } from "../../domain/policy.ts";
import type { SimulationPlan } from "../../services/simulation/simulation.ts";
import {
  MOST_TO_LAPSE,
  STORIES,
  STORY_NAMES,
  type StoryName,
} from "../../services/simulation/stories.ts";
import type { Day } from "../../services/simulation/timeline.ts";
import { BLOCKS, type ChartStyle, PLAIN } from "../support/chart.ts";
import { print, remark } from "../support/lines.ts";
import { printJson } from "../support/output.ts";
import { UsageError } from "../support/run-program.ts";
import { wholeNumber } from "./options.ts";

interface SimulateFlags {
  readonly story: StoryName;
  readonly clients?: number;
  readonly days?: number;
  readonly seed: number;
  readonly joinDay?: number;
  readonly json?: boolean;
}

const MOST_CLIENTS = 100_000;
const MOST_DAYS = 3660;
const PLAIN_COLUMNS = 80;
const QUIET_MS = 2000;
const PROGRESS_EVERY_MS = 1000;

/** `kms-box simulate`: the real ledger and the real client state machine in virtual time. */
export function simulateCommand(): Command {
  return new Command("simulate")
    .description("play a story of a network in virtual time, with the box's own rules")
    .addOption(
      new Option("--story <name>", "which story").choices(STORY_NAMES).default("decommission"),
    )
    .addOption(
      number("--clients <n>", "clients at the start (default: 25; growth: 40)", 1, MOST_CLIENTS),
    )
    .addOption(number("--days <n>", "days to play (default: to the story's end)", 1, MOST_DAYS))
    .addOption(
      number("--seed <n>", "the same seed tells the same story", 0, 999_999_999).default(1),
    )
    .addOption(
      number("--join-day <n>", "decommission: day on which two new clients join", 1, MOST_DAYS),
    )
    .option("--json", "answer as JSON, errors too")
    .addHelpText("after", HELP)
    .action(async (flags: SimulateFlags) => {
      const plan = planOf(flags);
      // Loaded here, so that the other commands start without it.
      const { simulate } = await import("../../services/simulation/simulation.ts");
      const timeline = simulate(plan, { onDay: progress(plan.days) });
      if (flags.json) return printJson(timeline);
      const { reportLines } = await import("./simulation-report.ts");
      print(
        `${flags.story}: ${STORIES[flags.story].summary}`,
        `${plan.clients} clients, threshold ${timeline.threshold}, seed ${plan.seed}`,
        "",
        ...reportLines(timeline, plan.policy, chartStyle()),
      );
    });
}

const [SMALL, LARGE] = [25, 10_000].map((clients) =>
  STORIES.decommission.usualJoinDay({ clients, policy: DEFAULT_POLICY }),
);

const HELP = `
Stories:
${STORY_NAMES.map((name) => `  ${name.padEnd(14)}${STORIES[name].summary}`).join("\n")}

In decommission and lapse the threshold is the number of clients, so that two of them matter. Two
new clients join on day ${SMALL}, when nobody is activated any more; with over ${MOST_TO_LAPSE} clients on day ${LARGE},
when all retry, since a large network that retries for months takes minutes to simulate.
A range of days in the table means that nothing changed but the number of contacts each day.

Examples:
  kms-box simulate
  kms-box simulate --story lapse --seed 7
  kms-box simulate --clients 10000 --days 400 --json`;

function number(flags: string, description: string, least: number, most: number): Option {
  const [name = flags] = flags.split(" ");
  return new Option(flags, description).argParser(wholeNumber(name, least, most));
}

function planOf(flags: SimulateFlags): SimulationPlan {
  const story = STORIES[flags.story];
  const policy = DEFAULT_POLICY;
  const clients = flags.clients ?? story.usualClients;
  const days = flags.days ?? story.usualDays;
  if (clients < story.fewestClients) {
    throw new UsageError(`--clients must be at least ${story.fewestClients} for ${flags.story}.`);
  }
  const joinDay = flags.joinDay ?? story.usualJoinDay({ clients, policy });
  if (flags.joinDay !== undefined && story.usualJoinDay({ clients, policy }) === undefined) {
    throw new UsageError(`Nobody joins later in ${flags.story}: leave out --join-day.`);
  }
  return {
    story: flags.story,
    clients,
    days,
    seed: flags.seed,
    policy,
    ...(joinDay === undefined ? {} : { joinDay }),
  };
}

function chartStyle(): ChartStyle {
  const { isTTY, columns } = process.stdout;
  return isTTY ? { columns, parts: BLOCKS } : { columns: PLAIN_COLUMNS, parts: PLAIN };
}

/** Tells on standard error how far it is, once that is worth telling. */
function progress(days: number): (day: Day) => void {
  const startMs = performance.now();
  let toldMs = QUIET_MS - PROGRESS_EVERY_MS;
  return ({ day }) => {
    const spentMs = performance.now() - startMs;
    if (spentMs < toldMs + PROGRESS_EVERY_MS) return;
    toldMs = spentMs;
    remark(`Day ${day} of ${days}`);
  };
}
