import { Command, Option } from "commander";
import type { EventPage } from "../../web/api/schemas.ts";
import { formatLogTime } from "../support/dates.ts";
import { print } from "../support/lines.ts";
import { printJson } from "../support/output.ts";
import { AdminClient } from "./admin-client.ts";
import { boxFolder, type WatchFlags, wholeNumber, withWatch } from "./options.ts";
import { type View, watch } from "./watch.ts";

type Event = EventPage["events"][number];

interface EventFlags extends WatchFlags {
  readonly name?: string;
  readonly search?: string;
  readonly limit: number;
}

/** As many as the box keeps in memory. */
const MOST_EVENTS = 1000;
const LONGEST_NAME = 17;
const LONGEST_LEVEL = 5;

/** `kms-box events`: what the box noticed since it was started. */
export function eventsCommand(): Command {
  return withWatch(new Command("events"))
    .description("show what the box noticed since it was started, oldest first")
    .option("--name <event>", "only events of this name, such as threshold-reached")
    .option("--search <text>", "only those with this in the message or details")
    .addOption(
      new Option("--limit <n>", "show the newest so many")
        .argParser(wholeNumber("--limit", 1, MOST_EVENTS))
        .default(50),
    )
    .addHelpText("after", HELP)
    .action(async (flags: EventFlags) => {
      const follower = new EventFollower(new AdminClient(await boxFolder(flags)), flags);
      if (flags.watch) return watch(follower, flags.json ?? false);
      const events = await follower.read();
      if (flags.json) printJson({ events });
      else print(...events.map(eventLine));
    });
}

const HELP = `
With --watch new events follow as they come, with --json each as a document on a line of its own.
The box keeps the newest ${MOST_EVENTS}; older ones are in its log.

Examples:
  kms-box events
  kms-box events --name request-refused --limit 10
  kms-box events --watch --json`;

/** Reads only what is new each time. */
class EventFollower implements View<Event[]> {
  readonly #client: AdminClient;
  readonly #flags: EventFlags;
  #after = 0;

  constructor(client: AdminClient, flags: EventFlags) {
    this.#client = client;
    this.#flags = flags;
  }

  async read(): Promise<Event[]> {
    const { name, search, limit } = this.#flags;
    const { events } = await this.#client.events({ after: this.#after, name });
    this.#after = events.at(-1)?.sequence ?? this.#after;
    const wanted = search?.toLowerCase();
    return events
      .filter(
        (event) => wanted === undefined || JSON.stringify(event).toLowerCase().includes(wanted),
      )
      .slice(-limit);
  }

  changes(events: Event[]): string[] {
    return events.map(eventLine);
  }

  documents(events: Event[]): unknown[] {
    return events;
  }
}

function eventLine({ time, level, name, message }: Event): string {
  const columns = [
    formatLogTime(Date.parse(time)),
    level.padEnd(LONGEST_LEVEL),
    name.padEnd(LONGEST_NAME),
    message,
  ];
  return columns.join("  ");
}
