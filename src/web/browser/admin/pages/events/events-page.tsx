import { useEffect, useState } from "preact/hooks";
import { keepInAddress, readRoute } from "../../hooks/use-route.ts";
import { ChoiceField, TextField } from "../../parts/fields.tsx";
import { Fault } from "../../parts/messages.tsx";
import { Page } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { When } from "../../parts/when.tsx";
import { type BoxEvent, useEvents } from "./use-events.ts";

const LEVELS = ["debug", "info", "warn", "error"];
const TAGS: Readonly<Record<string, string>> = { warn: "attention", error: "wrong" };
const SHOWN = 200;

interface Filter {
  readonly name: string;
  readonly level: string;
  readonly text: string;
}

/** What the box noticed since it was started, newest first, as it happens. */
export function EventsPage() {
  const [filter, setFilter] = useState(readFilter);
  const { events, error } = useEvents();
  useEffect(() => keepInAddress("events", { ...filter }), [filter]);
  const change = (part: Partial<Filter>) => setFilter({ ...filter, ...part });
  const found = events.filter((event) => matches(event, filter)).toReversed();
  const names = [...new Set(events.map(({ name }) => name))].sort();
  return (
    <Page
      title="Events"
      about="What the box noticed since it was started. New events come by themselves."
    >
      <search class="tools">
        <TextField
          label="Text"
          type="search"
          value={filter.text}
          onInput={(text) => change({ text })}
        />
        <ChoiceField
          label="At least"
          value={filter.level}
          choices={[["", "any level"], ...LEVELS.map((level) => [level, level] as const)]}
          onInput={(level) => change({ level })}
        />
        <ChoiceField
          label="Event"
          value={filter.name}
          choices={[["", "all"], ...names.map((name) => [name, name] as const)]}
          onInput={(name) => change({ name })}
        />
      </search>
      <Fault error={error} />
      <div class="card">
        <Table
          caption="Events, newest first"
          columns={[
            { key: "time", title: "When", cell: ({ time }) => <When at={time} /> },
            {
              key: "level",
              title: "Level",
              cell: ({ level }) => <span class={`tag ${TAGS[level] ?? "plain"}`}>{level}</span>,
            },
            { key: "name", title: "Event", cell: ({ name }) => <code>{name}</code> },
            { key: "message", title: "What happened", cell: ({ message }) => message },
          ]}
          rows={found.slice(0, SHOWN)}
          rowKey={({ sequence }) => String(sequence)}
          empty="No event matches."
        />
        {found.length > SHOWN ? (
          <p class="quiet">
            The newest {SHOWN} of {found.length.toLocaleString("en-GB")}. Narrow the search for
            others.
          </p>
        ) : null}
      </div>
    </Page>
  );
}

function matches(event: BoxEvent, { name, level, text }: Filter): boolean {
  const wanted = text.trim().toLowerCase();
  return (
    (name === "" || event.name === name) &&
    LEVELS.indexOf(event.level) >= LEVELS.indexOf(level) &&
    (wanted === "" || searched(event).includes(wanted))
  );
}

function searched({ name, message, details }: BoxEvent): string {
  return `${name} ${message} ${JSON.stringify(details)}`.toLowerCase();
}

function readFilter(): Filter {
  const { query } = readRoute();
  return {
    name: query.get("name") ?? "",
    level: query.get("level") ?? "",
    text: query.get("text") ?? "",
  };
}
