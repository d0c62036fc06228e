import { formatHostAddress } from "../../../client/host-address.ts";
import { AdminClient } from "../admin-client.ts";
import { Audience } from "./audience.ts";
import { DemoClients } from "./demo-clients.ts";
import { type DemoOutcome, outcomeLines, outcomeOf } from "./outcome.ts";
import { play } from "./play.ts";
import { type Stage, setStage } from "./stage.ts";

export interface DemoSettings {
  readonly clients: number;
  readonly pauseMs: number;
  readonly product: string | undefined;
  /** Each request from a process of its own. */
  readonly processes: boolean;
  /** Clients that never asked before. */
  readonly fresh: boolean;
  /** Nothing is shown while it runs. */
  readonly quiet: boolean;
}

/** Plays clients of the running box, and shows what comes of it. */
export async function runDemo(folder: string, settings: DemoSettings): Promise<DemoOutcome> {
  const stage = await setStage(new AdminClient(folder), settings.product);
  const demoClients = await DemoClients.open(folder);
  try {
    const audience = new Audience(settings.quiet ? { write: () => undefined } : process.stdout);
    audience.say(...opening(stage, settings.clients));
    const clients = await demoClients.take(settings.clients, settings.fresh);
    const steps = await play(stage, clients, {
      pauseMs: settings.pauseMs,
      ask: await asker(settings),
      onStep: (step) => audience.step(step),
      onAskAgain: (waiting) =>
        audience.say(
          "",
          `The threshold is reached. The ${waiting} that were only counted ask again:`,
        ),
    });
    const outcome = await outcomeOf(stage, clients, steps);
    audience.say("", ...outcomeLines(outcome));
    return outcome;
  } finally {
    await demoClients.close();
  }
}

async function asker({ processes }: DemoSettings) {
  if (processes) return (await import("./client-process.ts")).askInProcess;
  return (await import("./demo-client.ts")).askHost;
}

function opening({ product, host, manyAddresses }: Stage, clients: number): string[] {
  const { name, count, threshold } = product;
  const machines = clients === 1 ? "1 client asks" : `${clients} clients ask`;
  return [
    `${machines} the box at ${formatHostAddress(host)} to activate "${name}".`,
    `It has counted ${count} so far, and activates from ${threshold} on.`,
    ...(manyAddresses
      ? []
      : ["All ask from one address, so that the box may refuse some as too many."]),
    "",
  ];
}
