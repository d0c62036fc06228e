import { resolve } from "node:path";
import { Command } from "commander";
import type { Service } from "../../compose.ts";
import { DEFAULT_DATA } from "../../config/defaults.ts";
import type { ConfigFlags, LoadedConfig } from "../../config/load.ts";
import type { Config } from "../../config/schema.ts";
import { print } from "../support/lines.ts";
import { EXIT } from "../support/run-program.ts";
import { startFault } from "./start-fault.ts";

/** What a demonstration differs in from a box in an office. */
const DEMO_BASE = { clock: { trust: "system" }, log: { format: "text" } };

type ServeFlags = ConfigFlags & { readonly demo?: boolean; readonly json?: boolean };

/** `kms-box serve`: runs the host. */
export function serveCommand(): Command {
  return new Command("serve")
    .description("run the KMS host until SIGINT or SIGTERM")
    .option("--data <dir>", "state folder (default: kms-box-data)")
    .option("--bind <addr>", "address to listen on (default: ::, every address)")
    .option("--port <n>", "TCP port (default: 1688; 0 takes any free one)")
    .option("--config <file>", "configuration as JSON")
    .option("--no-panel", "without the front panel")
    .option("--no-dns", "without publishing in DNS")
    .option("--no-web", "without the status page and the administration")
    .option("--web-port <port>", "port of the status page (default: 80)")
    .option("--https-port <port>", "port of the administration (default: 443)")
    .option("--demo", "make a demonstration vendor and product if no licence is installed")
    .option("--json", "log as JSON even with --demo")
    .addHelpText("after", HELP)
    .action(async (flags: ServeFlags) => {
      const base = flags.demo ? { ...DEMO_BASE, ...(flags.json ? { log: {} } : {}) } : {};
      // Loaded here, so that the other commands start without the server.
      goOnWhenNobodyReads();
      const { loadBoxConfig } = await import("../../config/load.ts");
      process.exitCode = await serve(() => loadBoxConfig(flags, process.env, base), flags);
      // What could not be stopped in time must not keep the process.
      if (process.exitCode === EXIT.failure) process.exit();
    });
}

/** Whoever read the log may leave; clients are answered all the same. */
function goOnWhenNobodyReads(): void {
  process.stdout.removeAllListeners("error").on("error", () => undefined);
}

/** With `--demo` there is nobody else to start the box again when it asks for that. */
async function serve(load: () => LoadedConfig, flags: ServeFlags): Promise<number> {
  const { RESTART_STATUS, runDaemon } = await import("../../main.ts");
  const { createTerminalPanel } = await import("../../compose-panel.ts");
  const { takeSupervision } = await import("../../adapters/system/systemd-manager.ts");
  const { takeActivatedSockets } = await import("../../adapters/system/activated-sockets.ts");
  const supervision = takeSupervision(process.env, process.pid);
  const sockets = takeActivatedSockets(process.env, process.pid);
  const { demo = false, json = false } = flags;
  const greeted = demo && !json;
  for (;;) {
    const loaded = load();
    const { config } = loaded;
    const terminal = greeted && config.panel ? createTerminalPanel() : undefined;
    const output = terminal ?? process.stdout;
    const status = await runDaemon(loaded, {
      demo,
      load,
      terminal,
      supervision,
      sockets,
      faultOf: (error) => startFault(error, config),
      ...(greeted
        ? { onReady: (service) => output.write(welcome(service, config, terminal !== undefined)) }
        : {}),
    });
    if (!demo || status !== RESTART_STATUS) return status;
    if (greeted) print("", "  The box starts again.");
  }
}

const HELP = `
Every flag can stand in the configuration file and as KMS_BOX_DATA, KMS_BOX_BIND, KMS_BOX_PORT,
KMS_BOX_CONFIG, KMS_BOX_NO_PANEL=1, KMS_BOX_NO_DNS=1, KMS_BOX_NO_WEB=1; flags win over these, and
these over the file.

Exit status: 0 stopped as told, 1 failed, 2 wrong usage or configuration, 75 start me again: a restart
or a factory reset was asked for. With --demo the box then starts again by itself.

Examples:
  kms-box serve --data /var/lib/kms-box
  kms-box serve --demo --port 0`;

/** Where a browser on this machine finds the page. */
function pageLine({ pages }: Service): string {
  if (!pages?.port) return "";
  return `  Page:    http://localhost${pages.port === 80 ? "" : `:${pages.port}`}/
           It leads to the administration, which asks for a code of the panel's button.
`;
}

function welcome(service: Service, config: Config, drawn: boolean): string {
  const { address, box } = service;
  const products = box.licences.productsAt(box.clock.read().nowMs);
  const lines = products.map(
    ({ id, name, application, threshold }) =>
      `    ${name} (${id}): ${box.store.ledger.count(application)} of ${threshold} clients counted`,
  );
  const vendors = [...new Set(box.licences.book.licences.map(({ claims }) => claims.iss))];
  const reached = products.every(
    ({ application, threshold }) => box.store.ledger.count(application) >= threshold,
  );
  return `
  KMS Box serves on ${address}
  Vendor:  ${vendors.join(", ")}
  Product:
${lines.join("\n")}
${pageLine(service)}  State:   ${resolve(config.data)}
  Clock:   trusted because this is a demonstration; a box waits for NTP or a battery clock

${reached ? "" : demoHint(config)}${panelHint(config, drawn)}  Ctrl-C stops the box; the count is kept.

`;
}

/** How to name the state folder in a command, where it is not the usual one. */
function dataFlag({ data }: Config): string {
  return data === DEFAULT_DATA ? "" : ` --data ${resolve(data)}`;
}

function demoHint(config: Config): string {
  const flag = dataFlag(config);
  return `  Now let 25 demonstration clients ask, in another terminal, and watch the count climb:

      npm run demo${flag && ` --${flag}`}

`;
}

function panelHint(config: Config, drawn: boolean): string {
  if (!config.panel) return "";
  if (!drawn) return `  See its front panel by: npx kms-box panel --watch${dataFlag(config)}\n`;
  return `  Below is its front panel; the space bar is the button: tap for the next page, hold
  and read what letting go will do.\n`;
}
