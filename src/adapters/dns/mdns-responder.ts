import type { RemoteInfo } from "node:dgram";
import { BlockList } from "node:net";
import {
  type Announcement,
  announcedRecords,
  answersTo,
  givesWay,
  instanceName,
  isRivalOf,
  type MdnsRecord,
} from "../../domain/dns-sd.ts";
import type { MdnsMessage } from "../../domain/dns-sd-reading.ts";
import { type LinkInterface, MDNS_PORT, MdnsLink } from "../../platform/mdns-link.ts";
import type { Timers } from "../../ports/clock.ts";

/** Response, and from the one who knows (RFC 6762 sections 18.2 and 18.4). */
const AUTHORITATIVE = 0x0400;
/** For askers that speak plain DNS (RFC 6762 section 6.7). */
const LEGACY_TTL_SECONDS = 10;
/** So that several hosts do not answer at once (RFC 6762 section 6). */
const LEAST_DELAY_MS = 20;
const DELAY_SPREAD_MS = 100;
/** More questions than an office has; a flood is not answered. */
const MOST_ANSWERS_A_SECOND = 20;
const SECOND_MS = 1000;

export interface ResponderOptions {
  readonly link: LinkInterface;
  readonly timers: Timers;
  /** In [0, 1). */
  readonly random: () => number;
  /** Another host uses the name, and this one must take another. */
  readonly contested: () => void;
  readonly port?: number;
}

/** This host on one link: asks whether its name is free, tells of it, and answers who asks. */
export class MdnsResponder {
  readonly #options: ResponderOptions;
  readonly #onLink: BlockList;
  #link: MdnsLink | undefined;
  #announcement: Announcement | undefined;
  #records: readonly MdnsRecord[] = [];
  #isProbing = false;
  #answered = 0;
  #refill: (() => void) | undefined;

  private constructor(options: ResponderOptions) {
    this.#options = options;
    this.#onLink = subnetsOf(options.link);
  }

  /** Rejects with the system's error. */
  static async open(options: ResponderOptions): Promise<MdnsResponder> {
    const responder = new MdnsResponder(options);
    const { port = MDNS_PORT } = options;
    responder.#link = await MdnsLink.open(options.link, {
      role: "answer",
      port,
      heard: (message, from) => responder.#hear(message, from),
    });
    return responder;
  }

  get interfaceName(): string {
    return this.#options.link.name;
  }

  /** Asks whether anybody has the name; if so, `contested` is called (RFC 6762 section 8.1). */
  async probe(announcement: Announcement): Promise<void> {
    this.#take(announcement);
    this.#isProbing = true;
    const name = instanceName(announcement);
    const authorities = this.#records.filter((record) => record.name === name);
    await this.#send({ type: "query", questions: [{ name, type: "ANY" }], authorities });
  }

  /** Tells of the host, and answers from now on. Rejects with the system's error. */
  async announce(announcement: Announcement): Promise<void> {
    this.#take(announcement);
    this.#isProbing = false;
    await this.#respond(this.#records);
  }

  /** Takes everything back (RFC 6762 section 10.1). */
  async sayGoodbye(): Promise<void> {
    if (this.#isProbing || this.#records.length === 0) return;
    const goodbye = this.#records.map((record) => ({ ...record, ttl: 0 }));
    this.#records = [];
    await this.#respond(goodbye);
  }

  /** Whether the kernel had forgotten that this socket listens. */
  rejoin(): boolean {
    return this.#link?.rejoin() ?? false;
  }

  async close(): Promise<void> {
    this.#refill?.();
    this.#records = [];
    await this.#link?.close();
  }

  #take(announcement: Announcement): void {
    const addresses = this.#options.link.cidrs.map((cidr) => cidr.replace(/\/.*$/, ""));
    this.#announcement = announcement;
    this.#records = announcedRecords(announcement, reachable(addresses));
  }

  #hear(message: MdnsMessage, from: RemoteInfo): void {
    // Sockets of other links hear it too, and what comes from elsewhere is nobody's here to answer.
    if (!this.#onLink.check(from.address, from.family === "IPv6" ? "ipv6" : "ipv4")) return;
    if (message.isResponse) this.#hearAnswer(message);
    else if (!this.#isProbing) this.#hearQuestion(message, from);
  }

  #hearAnswer({ answers, additionals }: MdnsMessage): void {
    const announcement = this.#announcement;
    if (!announcement) return;
    const rival = [...answers, ...additionals].find((each) => isRivalOf(announcement, each));
    // Who has a name keeps it; of two who both have it, one gives way (RFC 6762 section 8.2).
    if (rival && (this.#isProbing || givesWay(announcement, rival))) this.#options.contested();
  }

  #hearQuestion(message: MdnsMessage, { address, port }: RemoteInfo): void {
    const { answers, additionals } = answersTo(message.questions, this.#records);
    const unknown = answers.filter((answer) => !isKnown(answer, message.answers));
    if (unknown.length === 0 || !this.#mayAnswer()) return;
    const { timers, random } = this.#options;
    timers.after(LEAST_DELAY_MS + random() * DELAY_SPREAD_MS, () => {
      if (this.#records.length === 0) return;
      const isLegacy = port !== (this.#options.port ?? MDNS_PORT);
      const sent = isLegacy
        ? this.#respondPlainly(message, [answers, additionals], { address, port })
        : this.#respond(unknown, additionals);
      sent.catch(() => undefined);
    });
  }

  #respond(answers: readonly MdnsRecord[], additionals: readonly MdnsRecord[] = []): Promise<void> {
    return this.#send({ type: "response", flags: AUTHORITATIVE, answers, additionals });
  }

  #respondPlainly(
    { id, questions }: MdnsMessage,
    [answers, additionals]: readonly [readonly MdnsRecord[], readonly MdnsRecord[]],
    to: { address: string; port: number },
  ): Promise<void> {
    const plain = (record: MdnsRecord): MdnsRecord => {
      return { ...record, flush: false, ttl: Math.min(record.ttl, LEGACY_TTL_SECONDS) };
    };
    const records = { answers: answers.map(plain), additionals: additionals.map(plain) };
    const packet = { id, type: "response", flags: AUTHORITATIVE, questions, ...records } as const;
    return this.#send(packet, to);
  }

  async #send(...args: Parameters<MdnsLink["send"]>): Promise<void> {
    await this.#link?.send(...args);
  }

  #mayAnswer(): boolean {
    this.#refill ??= this.#options.timers.after(SECOND_MS, () => {
      this.#answered = 0;
      this.#refill = undefined;
    });
    return this.#answered++ < MOST_ANSWERS_A_SECOND;
  }
}

/** The asker knows it, and for long enough (RFC 6762 section 7.1). */
function isKnown(answer: MdnsRecord, known: readonly MdnsRecord[]): boolean {
  return known.some(
    ({ type, name, data, ttl }) =>
      type === answer.type &&
      name === answer.name &&
      ttl * 2 >= answer.ttl &&
      JSON.stringify(data) === JSON.stringify(answer.data),
  );
}

const IPV6_LINK_LOCAL = /^fe[89ab]/i;

/** A link-local address of IPv6 is of use to nobody who does not know the interface. */
function reachable(addresses: readonly string[]): string[] {
  return addresses.filter((address) => !IPV6_LINK_LOCAL.test(address));
}

function subnetsOf({ cidrs }: LinkInterface): BlockList {
  const subnets = new BlockList();
  for (const cidr of cidrs) {
    const [address = "", prefix] = cidr.split("/");
    subnets.addSubnet(address, Number(prefix), address.includes(":") ? "ipv6" : "ipv4");
  }
  return subnets;
}
