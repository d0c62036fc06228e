import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";

/** What the load generator is told, as JSON on its command line. */
export interface LoadOrder {
  readonly port: number;
  readonly connections: number;
  /** File with one pre-signed request a line. */
  readonly requests: string;
  readonly firstLine: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
  /** Requests a second over all connections; as fast as answers come if absent. */
  readonly ratePerSecond?: number;
}

/** What it found in the measured time. */
export interface LoadResult {
  readonly perSecond: number;
  readonly answered: number;
  readonly statuses: Record<string, number>;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly longestMs: number;
  /** Lines used up, so that the next run takes fresh requests. */
  readonly used: number;
}

const order = JSON.parse(process.argv[2] ?? "{}") as LoadOrder;
const lines = readFileSync(order.requests, "latin1").split("\n");
let next = order.firstLine;
let measuring = false;
const latenciesMs: number[] = [];
const statuses: Record<string, number> = {};

/** One connection with one request under way at a time; no HTTP library, to leave the CPU to the host. */
class Connection {
  readonly #socket: Socket;
  #sentMs = 0;
  #dueMs = 0;
  #received = "";
  #done: (() => void) | undefined;

  constructor(done: () => void) {
    this.#done = done;
    this.#socket = connect(order.port, "127.0.0.1", () => this.#done?.());
    this.#socket.setNoDelay(true);
    this.#socket.setEncoding("latin1");
    this.#socket.on("data", (text: string) => this.#hear(text));
  }

  /** @param dueMs when the request should have been sent: a late start counts as latency */
  send(dueMs: number, done: () => void): boolean {
    const token = lines[next];
    if (!token) return false;
    next++;
    this.#done = done;
    this.#sentMs = performance.now();
    this.#dueMs = dueMs;
    this.#socket.write(
      `POST /v1/activations HTTP/1.1\r\nHost: bench\r\nContent-Type: application/jose\r\n` +
        `Content-Length: ${token.length}\r\n\r\n${token}`,
      "latin1",
    );
    return true;
  }

  #hear(text: string): void {
    this.#received = this.#received === "" ? text : this.#received + text;
    const end = this.#received.indexOf("\r\n\r\n");
    if (end < 0) return;
    const at = this.#received.search(/content-length: /i);
    const length = Number.parseInt(this.#received.slice(at + 16, at + 24), 10);
    if (this.#received.length < end + 4 + length) return;
    if (measuring) {
      const status = this.#received.slice(9, 12);
      statuses[status] = (statuses[status] ?? 0) + 1;
      latenciesMs.push(performance.now() - Math.min(this.#sentMs, this.#dueMs));
    }
    this.#received = "";
    this.#done?.();
  }

  close(): void {
    this.#socket.destroy();
  }
}

function openAll(): Promise<Connection[]> {
  return Promise.all(
    Array.from(
      { length: order.connections },
      () =>
        new Promise<Connection>((resolve) => {
          const connection: Connection = new Connection(() => resolve(connection));
        }),
    ),
  );
}

/** Each connection sends its next request as soon as it has its answer. */
function driveClosed(connections: readonly Connection[]): void {
  for (const connection of connections) {
    const again = (): void => void connection.send(performance.now(), again);
    again();
  }
}

/** Requests fall due at a fixed rate, whether or not earlier ones were answered. */
function driveOpen(connections: readonly Connection[], ratePerSecond: number): void {
  const idle = [...connections];
  const waiting: number[] = [];
  const startMs = performance.now();
  let issued = 0;
  const dispatch = (): void => {
    while (idle.length > 0 && waiting.length > 0) {
      const connection = idle.pop();
      const dueMs = waiting.shift() ?? 0;
      connection?.send(dueMs, () => {
        idle.push(connection);
        dispatch();
      });
    }
  };
  const tick = (): void => {
    const nowMs = performance.now();
    for (; issued < ((nowMs - startMs) / 1000) * ratePerSecond; issued++) waiting.push(nowMs);
    dispatch();
    setTimeout(tick, 1);
  };
  tick();
}

const connections = await openAll();
if (order.ratePerSecond === undefined) driveClosed(connections);
else driveOpen(connections, order.ratePerSecond);
await new Promise((resolve) => setTimeout(resolve, order.warmUpMs));
measuring = true;
const startMs = performance.now();
await new Promise((resolve) => setTimeout(resolve, order.measureMs));
measuring = false;
const tookMs = performance.now() - startMs;
for (const connection of connections) connection.close();
latenciesMs.sort((a, b) => a - b);
const at = (share: number): number => latenciesMs[Math.floor(latenciesMs.length * share)] ?? 0;
const result: LoadResult = {
  perSecond: latenciesMs.length / (tookMs / 1000),
  answered: latenciesMs.length,
  statuses,
  p50Ms: at(0.5),
  p99Ms: at(0.99),
  longestMs: latenciesMs.at(-1) ?? 0,
  used: next - order.firstLine,
};
process.send?.(result);
process.disconnect?.();
process.exit(0);
