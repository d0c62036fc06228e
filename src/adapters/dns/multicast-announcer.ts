import { setTimeout as sleep } from "node:timers/promises";
import type { Announcement } from "../../domain/dns-sd.ts";
import { linkInterfaces } from "../../platform/mdns-link.ts";
import type { Timers } from "../../ports/clock.ts";
import { type Announced, type MdnsAnnouncer, MdnsFailedError } from "../../ports/mdns.ts";
import { MdnsResponder } from "./mdns-responder.ts";

/** RFC 6762 sections 8.1 and 8.3. */
const PROBES = 3;
const PROBE_PAUSE_MS = 250;
const SECOND_ANNOUNCEMENT_MS = 1000;
const GOODBYE_MS = 500;
/** The situation is asked for twice a round. */
const MOST_TRIES = 12;

export interface MulticastAnnouncerOptions {
  readonly timers: Timers;
  /** In [0, 1). */
  readonly random: () => number;
  /** Which links to announce on, of those that there are; asked anew whenever that matters. */
  readonly links?: typeof linkInterfaces;
  /** 5353 unless tests say otherwise. */
  readonly port?: number;
}

/** Announces on each interface by itself, with the addresses that it has there. */
export class MulticastAnnouncer implements MdnsAnnouncer {
  readonly #options: MulticastAnnouncerOptions;
  #responders: MdnsResponder[] = [];
  /** Counts the announcements, so that one that was overtaken ends. */
  #turn = 0;
  #contests = 0;
  #rejoined = 0;
  /** How often it was told that not all of these links could be used. */
  #missed = { known: "", tries: 0 };

  constructor(options: MulticastAnnouncerOptions) {
    this.#options = options;
  }

  async announce(
    what: Omit<Announcement, "instance">,
    candidates: readonly string[],
  ): Promise<Announced> {
    const turn = ++this.#turn;
    await this.#close();
    await this.#open(turn);
    const instance = await this.#freeName(what, candidates, turn);
    const announcement = { ...what, instance };
    if (turn === this.#turn) {
      await this.#each((responder) => responder.announce(announcement));
      this.#options.timers.after(SECOND_ANNOUNCEMENT_MS, () => {
        if (turn !== this.#turn) return;
        this.#each((responder) => responder.announce(announcement)).catch(() => undefined);
      });
    }
    return { instance, interfaces: this.#responders.map((responder) => responder.interfaceName) };
  }

  situation(): string {
    this.#rejoined += this.#responders.filter((responder) => responder.rejoin()).length;
    const links = this.#links();
    const known = JSON.stringify(links);
    if (known !== this.#missed.known) this.#missed = { known, tries: 0 };
    // A link that has just come up may not take a socket yet; one that never does is left alone.
    const { length } = this.#responders;
    if (length > 0 && length < links.length && this.#missed.tries < MOST_TRIES)
      this.#missed.tries++;
    return JSON.stringify([links, this.#contests, this.#rejoined, this.#missed.tries]);
  }

  async withdraw(): Promise<void> {
    this.#turn++;
    await this.#close();
  }

  async #close(): Promise<void> {
    const responders = this.#responders;
    this.#responders = [];
    const goodbyes = responders.map((responder) => responder.sayGoodbye());
    const late = sleep(GOODBYE_MS, undefined, { ref: false });
    await Promise.race([Promise.allSettled(goodbyes), late]);
    await Promise.all(responders.map((responder) => responder.close()));
  }

  #links() {
    return (this.#options.links ?? linkInterfaces)();
  }

  /** One link that cannot be used does not keep the others from it. */
  async #open(turn: number): Promise<void> {
    const links = this.#links();
    const opening = links.map((link) =>
      MdnsResponder.open({ ...this.#options, link, contested: () => this.#contests++ }),
    );
    const results = await Promise.allSettled(opening);
    const opened = results.flatMap((each) => (each.status === "fulfilled" ? each.value : []));
    if (turn === this.#turn) this.#responders = opened;
    else await Promise.all(opened.map((responder) => responder.close()));
    const [fault] = results.flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
    if (opened.length === 0 && links.length > 0) throw failure(fault);
  }

  async #freeName(
    what: Omit<Announcement, "instance">,
    candidates: readonly string[],
    turn: number,
  ): Promise<string> {
    const [name = "", ...others] = candidates;
    if (others.length === 0 || this.#responders.length === 0) return name;
    const contests = this.#contests;
    for (let probe = 0; probe < PROBES && turn === this.#turn; probe++) {
      await this.#each((responder) => responder.probe({ ...what, instance: name }));
      await sleep(PROBE_PAUSE_MS, undefined, { ref: false });
      if (this.#contests > contests) return this.#freeName(what, others, turn);
    }
    return name;
  }

  /** @throws {MdnsFailedError} it worked on no link. */
  async #each(act: (responder: MdnsResponder) => Promise<void>): Promise<void> {
    const results = await Promise.allSettled(this.#responders.map(act));
    const [fault] = results.flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
    if (fault !== undefined && results.every(({ status }) => status === "rejected"))
      throw failure(fault);
  }
}

/** The system's error as what to do. */
function failure(cause: unknown): MdnsFailedError {
  const { code = String(cause) } = cause as NodeJS.ErrnoException;
  return new MdnsFailedError(FAILURES[code] ?? `The network does not take it (${code}).`, {
    cause,
  });
}

const FAILURES: Readonly<Record<string, string>> = {
  EADDRINUSE:
    "Port 5353 is in use by another program that does not share it. End that, or turn this off with dns.mdns.",
  EACCES: "The system forbids multicast. Allow it, or turn this off with dns.mdns.",
  EPERM: "A firewall forbids multicast. Allow UDP port 5353, or turn this off with dns.mdns.",
  ENETUNREACH: "No network can be reached. It is tried again.",
  ENODEV: "The network's interface takes no multicast. It is tried again.",
};
