/** A write to the bus that the kernel's `smbus` trace events tell of, with its outcome. */
export interface BusWrite {
  /** Monotonic time of the kernel. */
  readonly atMs: number;
  readonly bus: number;
  readonly address: number;
  /** What SMBus calls the command: the first byte after the address. */
  readonly command: number;
  readonly bytes: readonly number[];
  /** 0, or the negative errno with which the transfer failed. */
  readonly result: number;
}

/** A change of a GPIO line that the kernel's `gpio` trace events tell of. */
export interface LineEvent {
  readonly atMs: number;
  /** Global number of the line. */
  readonly line: number;
  readonly level: 0 | 1;
}

/** What reads the lines of a kernel trace calls. */
export interface TraceListener {
  onWrite(write: BusWrite): void;
  onLine(event: LineEvent): void;
}

const EVENT = /\s(?<seconds>\d+)\.(?<micros>\d{6}): (?<event>\w+): (?<rest>.*)$/;
const WRITE =
  /^i2c-(?<bus>\d+) a=(?<address>[0-9a-f]+) f=[0-9a-f]+ c=(?<command>[0-9a-f]+) (?<protocol>\w+) l=\d+ \[(?<bytes>[0-9a-f-]*)\]/;
const RESULT =
  /^i2c-(?<bus>\d+) a=(?<address>[0-9a-f]+) f=[0-9a-f]+ c=[0-9a-f]+ \w+ wr res=(?<result>-?\d+)/;
const SET = /^(?<line>\d+) set (?<level>[01])/;

/** Protocols in whose trace the first byte is the number of those that follow. */
const COUNTED = new Set(["I2C_BLOCK_DATA", "BLOCK_DATA"]);

/**
 * Reads the text of `trace_pipe`, in pieces as they come. A write is told once its result is known,
 * since a display that does not acknowledge shows nothing of it.
 */
export class TraceReader {
  readonly #listener: TraceListener;
  readonly #pending = new Map<string, BusWrite>();
  #rest = "";

  constructor(listener: TraceListener) {
    this.#listener = listener;
  }

  push(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#read(line);
  }

  #read(line: string): void {
    if (/LOST \d+ EVENTS/.test(line)) throw new Error(`The kernel's trace has a gap: ${line}`);
    const { seconds, micros, event, rest = "" } = EVENT.exec(line)?.groups ?? {};
    const atMs = Number(seconds) * 1000 + Number(micros) / 1000;
    if (event === "smbus_write") this.#begin(atMs, rest);
    if (event === "smbus_result") this.#end(rest);
    if (event === "gpio_value") this.#line(atMs, rest);
  }

  #begin(atMs: number, rest: string): void {
    const { bus, address, command, protocol = "", bytes = "" } = WRITE.exec(rest)?.groups ?? {};
    const all = bytes === "" ? [] : bytes.split("-").map((byte) => Number.parseInt(byte, 16));
    this.#pending.set(`${bus} ${address}`, {
      atMs,
      bus: Number(bus),
      address: Number.parseInt(address ?? "", 16),
      command: Number.parseInt(command ?? "", 16),
      bytes: COUNTED.has(protocol) ? all.slice(1, 1 + (all[0] ?? 0)) : all,
      result: 0,
    });
  }

  #end(rest: string): void {
    const { bus, address, result } = RESULT.exec(rest)?.groups ?? {};
    const write = this.#pending.get(`${bus} ${address}`);
    this.#pending.delete(`${bus} ${address}`);
    if (write) this.#listener.onWrite({ ...write, result: Number(result) });
  }

  #line(atMs: number, rest: string): void {
    const { line, level } = SET.exec(rest)?.groups ?? {};
    if (line) this.#listener.onLine({ atMs, line: Number(line), level: level === "1" ? 1 : 0 });
  }
}
