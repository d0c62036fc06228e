import { Command } from "commander";
import { KmsError } from "../../domain/errors.ts";
import { print } from "../support/lines.ts";
import { printJson } from "../support/output.ts";
import { AccessClient } from "./access-client.ts";
import { AdminClient } from "./admin-client.ts";
import { type BoxFlags, boxFolder, withBox } from "./options.ts";

/** No client is meant by that, or more than one. */
class ClientNotMeantError extends KmsError {
  readonly code = "client-not-meant";
}

const CMID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Machines of one name that are told apart by listing them. */
const MOST_NAMESAKES = 20;

/** `kms-box clients forget`: takes a client out of the count. */
export function clientsForgetCommand(): Command {
  return withBox(new Command("forget"))
    .description("take a client out of the count, as if its retention had ended")
    .argument("<client>", "CMID, or host name if only one machine has it")
    .addHelpText("after", HELP)
    .action(async (client: string, _own: BoxFlags, command: Command) => {
      const flags = command.optsWithGlobals<BoxFlags>();
      const box = new AdminClient(await boxFolder(flags));
      const cmid = CMID.test(client) ? client : await cmidOf(client, box);
      const forgotten = await new AccessClient(box).forget(cmid);
      if (flags.json) printJson(forgotten);
      else {
        const { hostname, products } = forgotten;
        print(`${hostname} (${forgotten.cmid}) is forgotten for ${products.join(", ")}.`);
      }
    });
}

const HELP = `
A client that asks again counts again. One that is activated stays so to the end of its lease.

Examples:
  kms-box clients forget pc-17
  kms-box clients forget 6a1e9b58-0d1f-8a37-9c4e-3b2a17f05d66`;

async function cmidOf(hostname: string, box: AdminClient): Promise<string> {
  const wanted = hostname.toLowerCase();
  const { clients } = await box.clients({ search: hostname });
  const named = clients.filter((client) => client.hostname.toLowerCase() === wanted);
  const [cmid, ...others] = new Set(named.map((client) => client.cmid));
  if (cmid !== undefined && others.length === 0) return cmid;
  throw new ClientNotMeantError(
    cmid === undefined
      ? `No client is called "${hostname}". Look for it by "kms-box clients --search TEXT".`
      : `Several clients are called "${hostname}". Give one's CMID: ` +
          `${[cmid, ...others].slice(0, MOST_NAMESAKES).join(", ")}.`,
  );
}
