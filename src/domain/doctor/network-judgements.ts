import { type Judgement, listed, ok, skipped, warning, wrong } from "./finding.ts";
import type {
  AddressFact,
  LinkFact,
  NameServerFact,
  RouteFacts,
  UseFact,
} from "./network-facts.ts";

/** @param links null where the system does not tell */
export function judgeLink(links: readonly LinkFact[] | null): Judgement {
  if (links === null) return skipped("This system does not tell of its network adapters.");
  const of = (state: LinkFact["state"]) =>
    links.filter((link) => link.state === state).map(({ name }) => name);
  const [up, off, unplugged] = [of("up"), of("off"), of("no-carrier")];
  if (up.length > 0) return ok(`Connected by ${listed(up)}.`);
  if (unplugged.length > 0) {
    return wrong(
      `No network cable is connected: ${listed(unplugged)} has no carrier.`,
      "Plug in the network cable, or check the switch at its other end.",
    );
  }
  if (off.length > 0) {
    return wrong(
      `The network adapter ${listed(off)} is turned off.`,
      `Turn it on: ip link set ${off[0]} up.`,
    );
  }
  if (links.length > 0)
    return skipped("The network adapter does not tell whether it is connected.");
  return wrong("This machine has no network adapter.", "Check the adapter and its driver.");
}

export function judgeAddress(addresses: readonly AddressFact[]): Judgement {
  const usable = addresses.filter(({ linkLocal }) => !linkLocal);
  if (usable.length > 0) return ok(`${listed(usable.map(({ address }) => address))}.`);
  const [own] = addresses.filter(({ address }) => !address.includes(":"));
  if (own) {
    return wrong(
      `This machine gave itself the address ${own.address}, as no DHCP server answered.`,
      "Check the DHCP server, or give this machine a fixed address.",
    );
  }
  return wrong(
    "This machine has no usable address.",
    "Check the DHCP server, or give this machine a fixed address.",
  );
}

/** Judges address conflict detection (RFC 5227 section 2.1.1, RFC 4862 section 5.4). */
export function judgeUses(uses: readonly UseFact[]): Judgement {
  for (const { address, use } of uses) {
    if (use.by !== "another") continue;
    const other = use.hardware === null ? "Another machine" : `Another machine (${use.hardware})`;
    return wrong(
      `${other} has the address ${address} too.`,
      "Give one of the two another address, and reserve this machine's in the DHCP server.",
    );
  }
  const ours = uses.filter(({ use }) => use.by === "us").map(({ address }) => address);
  const unknown = uses.find(({ use }) => use.by === "unknown");
  if (unknown?.use.by === "unknown") return notFoundOut(unknown.use.why);
  if (ours.length === 0) return skipped("There is no address to look for.");
  return ok(`Nobody else has ${listed(ours)}.`);
}

function notFoundOut(why: "not-installed" | "not-permitted" | "failed"): Judgement {
  if (why === "not-installed") {
    return skipped("The program arping is not installed.", "Install iputils-arping.");
  }
  return why === "not-permitted"
    ? skipped("Only root may look for another machine with the same address.", "Run this as root.")
    : skipped("The program arping failed.");
}

/** Who must be reached in other networks, and whether it works without any name server. */
export interface NetworkUse {
  /** A box waits for clients; a client looks for the box. */
  readonly peer?: "clients" | "box";
  /** A host was found and answers although no name server does. */
  readonly worksWithoutNames?: boolean;
}

const REMOTE_PEERS = {
  clients: "If clients are in other networks",
  box: "If the box is in another network",
};

/** @param routes null where the system does not tell */
export function judgeRoute(
  routes: RouteFacts | null,
  { peer = "clients", worksWithoutNames = false }: NetworkUse = {},
): Judgement {
  if (routes === null) return skipped("This system does not tell of its routes.");
  const { defaults, unreachableServers } = routes;
  if (unreachableServers.length > 0) {
    const cause =
      defaults.length > 0 ? "No route leads" : "There is no default route, and so no way";
    const evidence = `${cause} to the name server ${listed(unreachableServers)}`;
    const nextStep = "Set the gateway in this machine's network settings or in the DHCP server.";
    return worksWithoutNames
      ? warning(`${evidence}; ${FOUND_WITHOUT}.`, nextStep)
      : wrong(`${evidence}.`, nextStep);
  }
  if (defaults.length > 0) return ok(`By ${listed(defaults)}.`);
  return warning(
    "There is no default route: only machines of this machine's own network can be reached.",
    `${REMOTE_PEERS[peer]}, set the gateway here or in the DHCP server.`,
  );
}

/**
 * @param servers null where the system does not tell; empty if none is set
 * @param areNeeded whether anything is to be looked up by them
 */
export function judgeNameServers(
  servers: readonly NameServerFact[] | null,
  areNeeded: boolean,
  { worksWithoutNames = false }: NetworkUse = {},
): Judgement {
  if (servers === null) return skipped("This system does not tell its name servers.");
  if (servers.length === 0) return noNameServer(areNeeded);
  const of = (...answers: NameServerFact["answer"][]) =>
    servers.filter(({ answer }) => answers.includes(answer)).map(({ server }) => server);
  const [good, failing, dead] = [of("answers"), of("fails"), of("silent", "nothing-listens")];
  if (good.length === servers.length)
    return ok(`${listed(good)} ${good.length > 1 ? "answer" : "answers"}.`);
  if (dead.length === servers.length) {
    return deadNameServers(dead, worksWithoutNames);
  }
  return dead.length > 0
    ? warning(
        `The name server ${listed(dead)} does not answer; others do.`,
        "Start it, or take it out of the network settings: names are looked up slowly without it.",
      )
    : warning(
        `The name server ${listed(failing)} answers that it cannot look names up.`,
        "Look into that server's log: it may not reach the servers that it asks.",
      );
}

const FOUND_WITHOUT = "a host is reached without it";

function deadNameServers(dead: readonly string[], worksWithoutNames: boolean): Judgement {
  const evidence =
    dead.length > 1
      ? `None of the name servers ${listed(dead)} answers`
      : `The name server ${listed(dead)} does not answer`;
  const nextStep =
    "Start the DNS server, or set the right one in this machine's network settings or in the DHCP server.";
  return worksWithoutNames
    ? warning(`${evidence}; ${FOUND_WITHOUT}.`, nextStep)
    : wrong(`${evidence}.`, nextStep);
}

function noNameServer(isNeeded: boolean): Judgement {
  const nextStep = "Set one in this machine's network settings or in the DHCP server.";
  return isNeeded
    ? wrong("No name server is set, so that no name can be looked up.", nextStep)
    : skipped("No name server is set, and nothing needs one.");
}
