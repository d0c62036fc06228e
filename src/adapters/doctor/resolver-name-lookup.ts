import { Resolver } from "node:dns/promises";
import { isIP } from "node:net";
import { plainName } from "../../domain/dns-names.ts";
import type { SrvAnswer } from "../../domain/doctor/dns-facts.ts";
import { readNameServers } from "../../platform/network/name-servers.ts";
import type { NameLookup } from "../../ports/doctor.ts";

const ANSWER_WITHIN_MS = 1500;
const TRIES = 2;
/** As many as resolv.conf(5) lets a resolver use. */
const MOST_SERVERS = 3;

/** Asks DNS alone, as clients' resolvers do: neither `/etc/hosts` nor a name service switch. */
export class ResolverNameLookup implements NameLookup {
  readonly #ownServers: () => Promise<readonly string[] | null>;

  /** @param ownServers addresses of this machine's name servers; null where it does not tell */
  constructor(ownServers: () => Promise<readonly string[] | null> = () => readNameServers()) {
    this.#ownServers = ownServers;
  }

  async addressesOf(name: string, server?: string): Promise<string[]> {
    if (isIP(name) !== 0) return [name];
    const resolver = resolverAt(server);
    const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
    return answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
  }

  async hostsUnder(name: string, server?: string): Promise<SrvAnswer[]> {
    const own = async () => (await this.#ownServers()) ?? new Resolver().getServers();
    const servers = server === undefined ? await own() : [server];
    return Promise.all(servers.slice(0, MOST_SERVERS).map((each) => askForHosts(name, each)));
  }
}

async function askForHosts(name: string, server: string): Promise<SrvAnswer> {
  try {
    const records = await resolverAt(server).resolveSrv(name);
    // A target of "." says that the service is not offered (RFC 2782), and nobody can ask port 0.
    const offered = records.filter(
      ({ name: target, port }) => target !== "" && target !== "." && port !== 0,
    );
    const places = offered.map(({ name: target, port }) => ({ target: plainName(target), port }));
    return { server, answer: places.length > 0 ? "found" : "none", places };
  } catch (error) {
    return { server, answer: answerOf((error as NodeJS.ErrnoException).code), places: [] };
  }
}

function answerOf(code: string | undefined): SrvAnswer["answer"] {
  if (code === "ENOTFOUND" || code === "ENODATA") return "none";
  if (code === "EREFUSED") return "refused";
  return code === "ESERVFAIL" ? "fails" : "silent";
}

function resolverAt(server: string | undefined): Resolver {
  const resolver = new Resolver({ timeout: ANSWER_WITHIN_MS, tries: TRIES });
  if (server !== undefined) resolver.setServers([resolverForm(server)]);
  return resolver;
}

/** `ADDRESS#PORT`, as dig and nsupdate write it, in Node's form. */
function resolverForm(server: string): string {
  const [address = "", port = "53"] = server.split("#");
  return isIP(address) === 6 ? `[${address}]:${port}` : `${address}:${port}`;
}
