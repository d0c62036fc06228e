import { Resolver } from "node:dns/promises";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { NameServerFact } from "../../domain/doctor/network-facts.ts";

const ANSWER_WITHIN_MS = 1500;
const TRIES = 2;
/** The address under which systemd-resolved stands in for the servers of its own list. */
const RESOLVED_STUB = "127.0.0.53";

/** Name servers of a resolv.conf(5). */
export function resolvConfServers(text: string): string[] {
  return text.split("\n").flatMap((line) => {
    const [keyword, server] = line.trim().split(/\s+/);
    return keyword === "nameserver" && server !== undefined ? [server] : [];
  });
}

/**
 * The servers that this machine asks, behind a local stub too; null where there is no
 * `/etc/resolv.conf`.
 */
export async function readNameServers(root = "/"): Promise<string[] | null> {
  const read = (path: string) =>
    readFile(join(root, path), "utf8").then(resolvConfServers, () => null);
  const servers = await read("etc/resolv.conf");
  if (servers === null || !servers.includes(RESOLVED_STUB)) return servers;
  const behind = await read("run/systemd/resolve/resolv.conf");
  return behind === null || behind.length === 0 ? servers : behind;
}

/** Asks one server for the name's zone; that it has none is an answer too. */
export async function askNameServer(server: string, name: string): Promise<NameServerFact> {
  const resolver = new Resolver({ timeout: ANSWER_WITHIN_MS, tries: TRIES });
  try {
    resolver.setServers([server]);
    await resolver.resolveSoa(name);
    return { server, answer: "answers" };
  } catch (error) {
    return { server, answer: answerOf((error as NodeJS.ErrnoException).code) };
  }
}

function answerOf(code: string | undefined): NameServerFact["answer"] {
  if (code === "ECONNREFUSED") return "nothing-listens";
  if (code === "ESERVFAIL") return "fails";
  return code === "ENOTFOUND" || code === "ENODATA" || code === "EREFUSED" || code === "ENOTIMP"
    ? "answers"
    : "silent";
}
