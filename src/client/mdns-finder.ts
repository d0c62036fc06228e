import { randomInt } from "node:crypto";
import { isIP } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { DEFAULT_SERVICE } from "../domain/dns-registration.ts";
import { serviceName } from "../domain/dns-sd.ts";
import { type FoundService, type MdnsMessage, servicesIn } from "../domain/dns-sd-reading.ts";
import { selectionOrder } from "../domain/srv-selection.ts";
import type { LinkInterface, MdnsLink } from "../platform/mdns-link.ts";
import type { Finding, HostFinder } from "./finding.ts";
import type { FoundHost } from "./shapes.ts";

export interface MdnsOptions {
  /** Service label, with its underscore; `_vlmcs` unless told otherwise. */
  readonly service?: string;
  /** In [0, 1). */
  readonly random: () => number;
  /** The links to ask on; else all that this machine has. */
  readonly links?: readonly LinkInterface[];
  /** 5353 unless tests say otherwise. */
  readonly mdnsPort?: number;
  /** How long to wait at most. */
  readonly waitMs?: number;
}

const WAIT_MS = 1500;
/** A host waits up to 120 ms before it answers, so that others have answered by then. */
const SETTLE_MS = 300;
const ASK_AGAIN_MS = 500;
const MOST_HOSTS = 16;
const MOST_ADDRESSES = 3;
const ID_RANGE = 0x1_0000;

/** A host and the link that it was found on. */
interface Heard extends FoundService {
  readonly link: string;
}

/**
 * Finds hosts that announce themselves on this machine's links (RFC 6763), by one-shot questions
 * that the host answers to this machine alone (RFC 6762 section 5.1). Nothing stays open.
 */
export class MdnsFinder implements HostFinder {
  readonly #options: MdnsOptions;

  constructor(options: MdnsOptions) {
    this.#options = options;
  }

  async find(): Promise<Finding> {
    // Loaded here, as most clients find a host before they come to this.
    const { linkInterfaces } = await import("../platform/mdns-link.ts");
    const links = this.#options.links ?? linkInterfaces();
    if (links.length === 0) return nothing("this machine has no network to ask by mDNS");
    const heard = await this.#ask(links);
    const order = selectionOrder(heard, this.#options.random);
    if (order.length === 0) return nothing("no host on this machine's links answers by mDNS");
    const hosts = order.slice(0, MOST_HOSTS).flatMap(candidates).slice(0, MOST_HOSTS);
    return { hosts, whyNot: "", asked: [{ place: "mDNS", found: order.length, whyNot: "" }] };
  }

  async #ask(links: readonly LinkInterface[]): Promise<Heard[]> {
    const { service = DEFAULT_SERVICE, waitMs = WAIT_MS } = this.#options;
    const found = new Map<string, Heard>();
    const id = randomInt(ID_RANGE);
    const port = this.#options.mdnsPort;
    const { MDNS_PORT, MdnsLink } = await import("../platform/mdns-link.ts");
    const heardOn = (link: LinkInterface) => (message: MdnsMessage, from: { port: number }) => {
      if (!message.isResponse || message.id !== id || from.port !== (port ?? MDNS_PORT)) return;
      for (const each of servicesIn(message, service)) {
        // Said again it is the same; the same name elsewhere may be somebody who only says so.
        const key = JSON.stringify([each.target.toLowerCase(), each.port, each.addresses]);
        if (found.size < MOST_HOSTS && !found.has(key))
          found.set(key, { ...each, link: link.name });
      }
    };
    const opening = links.map((link) =>
      MdnsLink.open(link, {
        role: "ask",
        heard: heardOn(link),
        ...(port !== undefined && { port }),
      }),
    );
    const opened = (await Promise.allSettled(opening)).flatMap((each) =>
      each.status === "fulfilled" ? [each.value] : [],
    );
    try {
      await collect(opened, { id, name: serviceName(service), waitMs }, () => found.size > 0);
    } finally {
      await Promise.all(opened.map((link) => link.close()));
    }
    return [...found.values()];
  }
}

interface Question {
  readonly id: number;
  readonly name: string;
  readonly waitMs: number;
}

/** Asks, once more if nobody answers, until somebody did and others had time to, or time is up. */
async function collect(
  links: readonly MdnsLink[],
  { id, name, waitMs }: Question,
  isFound: () => boolean,
): Promise<void> {
  const question = { id, type: "query", questions: [{ name, type: "PTR" }] } as const;
  const step = SETTLE_MS / 6;
  for (let waited = 0; waited < waitMs && links.length > 0; waited += step) {
    if (isFound()) {
      await sleep(Math.min(SETTLE_MS, waitMs - waited));
      return;
    }
    if (waited % ASK_AGAIN_MS === 0) {
      await Promise.allSettled(links.map((link) => link.send(question)));
    }
    await sleep(step);
  }
}

function candidates(heard: Heard): FoundHost[] {
  const { instance, link, port, priority, weight, addresses } = heard;
  const why = `mDNS "${instance}" on ${link}, priority ${priority}, weight ${weight}`;
  return addresses
    .filter((address) => isIP(address) !== 0)
    .slice(0, MOST_ADDRESSES)
    .map((host) => ({ host, port, how: "mdns", why }));
}

function nothing(whyNot: string): Finding {
  return { hosts: [], whyNot, asked: [{ place: "mDNS", found: 0, whyNot }] };
}
