import { Command } from "commander";
import type { SettingsAnswer } from "../../web/api/settings-schemas.ts";
import { print } from "../support/lines.ts";
import { printJson } from "../support/output.ts";
import { UsageError } from "../support/run-program.ts";
import { tableLines } from "../support/table.ts";
import { AdminClient } from "./admin-client.ts";
import { type BoxFlags, boxFolder, withBox } from "./options.ts";

type Setting = SettingsAnswer["options"][number];

/** `kms-box settings`: the options of a running box, and what it is to do otherwise. */
export function settingsCommand(): Command {
  return new Command("settings")
    .description("show and change the options of a running box")
    .addHelpText("after", HELP)
    .addCommand(showCommand())
    .addCommand(setCommand())
    .addCommand(unsetCommand());
}

const HELP = `
What is set here is kept in the box's state folder. It stands over the configuration files, and below
variables and flags.

Examples:
  kms-box settings show
  kms-box settings set dns.ttlSeconds=600 log.level=debug
  kms-box settings unset dns.ttlSeconds`;

function showCommand(): Command {
  return withBox(new Command("show"))
    .description("show options with their values, and where these come from")
    .argument("[names...]", "only these, or those of a part, such as dns")
    .addHelpText("after", SHOW_HELP)
    .action(async (names: readonly string[], flags: BoxFlags) => {
      const answer = await new AdminClient(await boxFolder(flags)).settings();
      show(answer, names, flags);
    });
}

const SHOW_HELP = `
A value in brackets is in use until the box is restarted.

Exit status: 0 shown, 1 no box runs there, 2 wrong usage or configuration.

Examples:
  kms-box settings show
  kms-box settings show dns log.level --json --data /var/lib/kms-box`;

function setCommand(): Command {
  return withBox(new Command("set"))
    .description("change options")
    .argument("<name=value...>", "such as dns.ttlSeconds=600; a list as JSON")
    .addHelpText("after", SET_HELP)
    .action(async (pairs: readonly string[], flags: BoxFlags) => {
      const client = new AdminClient(await boxFolder(flags));
      const { options } = await client.settings();
      const changes = Object.fromEntries(pairs.map((pair) => parsePair(pair, options)));
      show(await client.changeSettings(changes), Object.keys(changes), flags);
    });
}

const SET_HELP = `
All of them are set, or none: the box checks the whole configuration as at its next start, and refuses
what it could not start with. Most are in use after a restart; log.level is at once.

Exit status: 0 kept, 1 refused, or no box runs there, 2 wrong usage or configuration.

Examples:
  kms-box settings set display.contrast=80 display.rotation=180
  kms-box settings set 'rateLimit.exempt=["192.168.0.0/16"]'
  kms-box settings set 'dns.domains=[{"domain":"office.example"}]' --data /var/lib/kms-box`;

function unsetCommand(): Command {
  return withBox(new Command("unset"))
    .description("take back what was set, so that configuration files and defaults count again")
    .argument("<names...>", "such as dns.ttlSeconds")
    .addHelpText("after", UNSET_HELP)
    .action(async (names: readonly string[], flags: BoxFlags) => {
      const client = new AdminClient(await boxFolder(flags));
      const changes = Object.fromEntries(names.map((name) => [name, null]));
      show(await client.changeSettings(changes), names, flags);
    });
}

const UNSET_HELP = `
Exit status: 0 taken back, also where nothing was set, 1 refused, or no box runs there, 2 wrong usage or
configuration.

Examples:
  kms-box settings unset display.contrast
  kms-box settings unset dns.domains --json --data /var/lib/kms-box`;

function parsePair(pair: string, options: readonly Setting[]): [string, unknown] {
  const equals = pair.indexOf("=");
  if (equals < 1) {
    throw new UsageError(`"${pair}" is no NAME=VALUE, such as dns.ttlSeconds=600.`);
  }
  const [name, text] = [pair.slice(0, equals), pair.slice(equals + 1)];
  const type = options.find((option) => option.name === name)?.type;
  return [name, type === "string" ? text : parseValue(text)];
}

/** What is no JSON is a text, which the box refuses where it wants something else. */
function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function show(answer: SettingsAnswer, names: readonly string[], { json }: BoxFlags): void {
  const isMeant = (option: Setting) =>
    names.length === 0 ||
    names.some((name) => option.name === name || option.name.startsWith(`${name}.`));
  const options = answer.options.filter(isMeant);
  for (const name of names) requireKnown(name, options);
  if (json) {
    printJson({ ...answer, options });
    return;
  }
  print(
    ...tableLines(COLUMNS, options),
    ...answer.faults.map((fault) => `The next start would not use it: ${fault}`),
    ...(answer.restartNeeded ? ["In use after a restart: kms-box restart"] : []),
  );
}

function requireKnown(name: string, options: readonly Setting[]): void {
  if (options.some((option) => option.name === name || option.name.startsWith(`${name}.`))) return;
  throw new UsageError(`There is no option ${name}. "kms-box settings show" lists all.`);
}

const COLUMNS = [
  { title: "option", cell: ({ name }: Setting) => name },
  { title: "value", cell: valueText },
  { title: "set by", cell: ({ source, place }: Setting) => place ?? source },
];

function valueText({ value, inUse }: Setting): string {
  const [next, now] = [text(value), text(inUse)];
  return next === now ? next : `${next} (${now})`;
}

function text(value: unknown): string {
  return typeof value === "string" && value !== "" ? value : JSON.stringify(value);
}
