import { createSocket, type Socket } from "node:dgram";
import type { SrvRecord } from "../../src/domain/srv-selection.ts";

const TYPE = { a: 1, srv: 33 };
const NAME_ERROR = 3;

/** A name server on UDP that knows SRV and A records and nothing else (RFC 1035, RFC 2782). */
export class TinyDns {
  readonly srv = new Map<string, readonly SrvRecord[]>();
  readonly a = new Map<string, string>();
  readonly questions: string[] = [];
  /** Response code (RFC 1035 section 4.1.1) to every question, unless it is 0. */
  failure = 0;
  readonly #socket: Socket = createSocket("udp4");

  /** @param silent hears every question and answers none, as a firewall makes one */
  static async start({ silent = false } = {}): Promise<TinyDns> {
    const dns = new TinyDns();
    dns.#socket.on("message", (query, from) => {
      const answer = dns.#answer(query);
      if (!silent) dns.#socket.send(answer, from.port, from.address);
    });
    await new Promise<void>((resolve) => dns.#socket.bind(0, "127.0.0.1", resolve));
    return dns;
  }

  get address(): string {
    return `127.0.0.1:${this.#socket.address().port}`;
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.#socket.close(resolve));
  }

  #answer(query: Buffer): Buffer {
    const { name, end } = readName(query, 12);
    const type = query.readUInt16BE(end);
    this.questions.push(name);
    const data = this.failure === 0 ? this.#data(name, type) : [];
    const known = this.srv.has(name) || this.a.has(name);
    const header = Buffer.alloc(12);
    query.copy(header, 0, 0, 2);
    header.writeUInt16BE(0x8580 | (this.failure || (known ? 0 : NAME_ERROR)), 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(data.length, 6);
    const question = query.subarray(12, end + 4);
    return Buffer.concat([header, question, ...data.map((each) => resource(type, each))]);
  }

  #data(name: string, type: number): Buffer[] {
    if (type === TYPE.srv) return (this.srv.get(name) ?? []).map(srvData);
    const address = this.a.get(name);
    return type === TYPE.a && address ? [Buffer.from(address.split(".").map(Number))] : [];
  }
}

function readName(message: Buffer, start: number): { name: string; end: number } {
  const labels: string[] = [];
  let at = start;
  for (let length = message.readUInt8(at); length > 0; length = message.readUInt8(at)) {
    labels.push(message.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join(".").toLowerCase(), end: at + 1 };
}

function writeName(name: string): Buffer {
  const labels = name.split(".").filter((label) => label !== "");
  return Buffer.concat([
    ...labels.map((label) => Buffer.from(`${String.fromCharCode(label.length)}${label}`, "latin1")),
    Buffer.alloc(1),
  ]);
}

function resource(type: number, data: Buffer): Buffer {
  const head = Buffer.alloc(12);
  // The name is that of the question, which stands at byte 12.
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(60, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function srvData({ priority, weight, port, target }: SrvRecord): Buffer {
  const head = Buffer.alloc(6);
  head.writeUInt16BE(priority, 0);
  head.writeUInt16BE(weight, 2);
  head.writeUInt16BE(port, 4);
  return Buffer.concat([head, writeName(target)]);
}
