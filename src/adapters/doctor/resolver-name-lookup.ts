import { Resolver } from "node:dns/promises";
import { isIP } from "node:net";
import type { NameLookup } from "../../ports/doctor.ts";

const ANSWER_WITHIN_MS = 1500;
const TRIES = 2;

/** Asks DNS alone, as clients' resolvers do: neither `/etc/hosts` nor a name service switch. */
export class ResolverNameLookup implements NameLookup {
  async addressesOf(name: string, server?: string): Promise<string[]> {
    if (isIP(name) !== 0) return [name];
    const resolver = new Resolver({ timeout: ANSWER_WITHIN_MS, tries: TRIES });
    if (server !== undefined) resolver.setServers([resolverForm(server)]);
    const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
    return answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
  }
}

/** `ADDRESS#PORT`, as dig and nsupdate write it, in Node's form. */
function resolverForm(server: string): string {
  const [address = "", port = "53"] = server.split("#");
  return isIP(address) === 6 ? `[${address}]:${port}` : `${address}:${port}`;
}
