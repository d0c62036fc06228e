import { FIRST_GENERATION } from "../generation.ts";
import type { Met } from "./dns-facts.ts";
import { type Judgement, listed, ok, skipped, warning, wrong } from "./finding.ts";
import { placeText, silenceText } from "./place-text.ts";

/**
 * Judges whether the other hosts that a name leads to still answer.
 *
 * @param keeper what the records are in
 */
export function judgeStale(
  name: string,
  met: readonly Met[],
  keeper: "zone" | "name server" = "zone",
): Judgement {
  if (met.length === 0) return ok(`${name} names no other host.`);
  const gone = met.filter(({ meeting: { kind } }) => kind === "silent" || kind === "no-address");
  const [first] = gone;
  if (!first) return ok(`Every other host that ${name} names answers.`);
  const whys = gone.map((each) => `${placeText(each)} (${silenceText(each)})`);
  return wrong(
    `${name} names a host that is gone: ${listed(whys)}.`,
    `Delete the SRV record of ${listed(gone.map(placeText))} from the ${keeper}, or start that host again.`,
  );
}

/** What a box knows of itself that others may contradict. */
export interface OwnFact {
  readonly ownThumbprint: string | null;
  /** 1 without it. */
  readonly ownGeneration?: number;
  readonly coexist: boolean;
}

/**
 * Judges whether other hosts are found under this host's name. Clients divide themselves among all of
 * them, so that each counts only some.
 *
 * @param own what is known of this box; its thumbprint is null where it is not known
 */
export function judgeRivals(name: string, met: readonly Met[], own: OwnFact): Judgement {
  const { ownThumbprint, ownGeneration = FIRST_GENERATION, coexist } = own;
  const others = met.filter(
    ({ meeting }) =>
      meeting.kind === "stranger" ||
      (meeting.kind === "host" && meeting.thumbprint !== ownThumbprint),
  );
  const [first] = others;
  if (!first) return judgeOwnNames(name, met, ownGeneration);
  if (coexist)
    return ok(`${name} names ${listed(others.map(kindText))} too, as dns.coexist allows.`);
  return wrong(
    `Clients also find another host: ${name} names ${listed(others.map(kindText))}.`,
    "Delete that record if it is not meant, give this box another dns.service, or set dns.coexist.",
  );
}

/** This very box under another name, as after a change of its host name. */
function judgeOwnNames(name: string, met: readonly Met[], ownGeneration: number): Judgement {
  const own = met.filter(({ meeting: { kind } }) => kind === "host");
  for (const each of own) {
    const { meeting } = each;
    const { generation = FIRST_GENERATION } = meeting.kind === "host" ? meeting : {};
    if (generation === ownGeneration) continue;
    return wrong(
      `${placeText(each)} is a box with the same key: one was restored from the other's backup.`,
      generation > ownGeneration
        ? "That one is the newer: switch this box off."
        : "This one is the newer: switch that box off.",
    );
  }
  if (own.length === 0) return ok(`${name} names no host that competes with this box.`);
  return warning(
    `${name} names this box under another name too: ${listed(own.map(placeText))}.`,
    "Delete that record from the zone.",
  );
}

function kindText(met: Met): string {
  const kind = met.meeting.kind === "host" ? "another KMS Box" : "not a KMS Box";
  return `${placeText(met)} (${kind})`;
}

/** Judges whether this box answers at each address that clients are told. */
export function judgePort(met: readonly Met[], ownThumbprint: string | null): Judgement {
  if (met.length === 0) return skipped("There is no address at which clients could ask.");
  for (const each of met) {
    const { meeting } = each;
    if (meeting.kind === "silent" || meeting.kind === "no-address") {
      return wrong(
        `The box does not answer at ${placeText(each)}: ${silenceText(each)}.`,
        "Set `bind` to :: so that it listens on every address, and open that port in the firewall.",
      );
    }
    if (meeting.kind === "stranger" || meeting.thumbprint !== ownThumbprint) {
      const who = meeting.kind === "stranger" ? "Another program" : "Another KMS Box";
      return wrong(
        `${who} answers at ${placeText(each)}.`,
        "Stop it, or give this box another port or address.",
      );
    }
  }
  return ok(`The box answers at ${listed(met.map(placeText))}.`);
}

/** What machines on this one's links are told by multicast DNS. */
export interface AnnouncedFact {
  readonly host: string;
  readonly port: number;
}

/**
 * Judges whether this box is found by those that ask the link.
 *
 * @param found every host that answered, this box included
 * @param ours where this box is
 */
export function judgeMdns(
  found: readonly AnnouncedFact[],
  ours: readonly AnnouncedFact[],
): Judgement {
  const isOurs = (one: AnnouncedFact) =>
    ours.some(({ host, port }) => host === one.host && port === one.port);
  const others = found.filter((each) => !isOurs(each));
  const text = listed(others.map(({ host, port }) => placeText({ target: host, port })));
  const beside = others.length > 0 ? `; so does ${text}` : "";
  if (found.some(isOurs)) return ok(`The box answers by mDNS${beside}.`);
  return warning(
    others.length > 0
      ? `By mDNS not this box is found, but ${text}.`
      : "The box is not found by mDNS on its own links.",
    "Look for mdns-failed in the event log, and let UDP port 5353 through this machine's firewall.",
  );
}
