import { createSocket } from "node:dgram";
import { lookup } from "node:dns/promises";
import type { TimeServerFact } from "../../domain/doctor/time-judgements.ts";
import type { TimeServers } from "../../ports/doctor.ts";
import { configuredTimeServers } from "./configured-time-servers.ts";
import { sntpAhead, sntpRequest } from "./sntp-message.ts";

const ANSWER_WITHIN_MS = 2000;
const NTP_PORT = 123;
/** One answer is enough; a longer list is not worked through. */
const MOST_SERVERS = 4;

export interface SntpTimeServersOptions {
  /** Names or addresses; else those of the system's NTP client. */
  readonly servers?: readonly string[];
  readonly port?: number;
  readonly nowMs?: () => number;
}

/** Asks by SNTP (RFC 4330), one datagram each, and sets nothing. */
export class SntpTimeServers implements TimeServers {
  readonly #options: SntpTimeServersOptions;

  constructor(options: SntpTimeServersOptions = {}) {
    this.#options = options;
  }

  async ask(): Promise<TimeServerFact[]> {
    const { servers = await configuredTimeServers(), port = NTP_PORT } = this.#options;
    const nowMs = this.#options.nowMs ?? Date.now;
    return Promise.all(
      servers.slice(0, MOST_SERVERS).map(async (server) => {
        const timeout = AbortSignal.timeout(ANSWER_WITHIN_MS);
        return { server, aheadMs: await offsetOf(server, port, nowMs, timeout) };
      }),
    );
  }
}

/** Null if the server is not found, does not answer in time, or does not know the time. */
async function offsetOf(
  server: string,
  port: number,
  nowMs: () => number,
  timeout: AbortSignal,
): Promise<number | null> {
  return new Promise((resolve) => {
    timeout.addEventListener("abort", () => resolve(null), { once: true });
    lookup(server).then(
      ({ address, family }) => {
        if (timeout.aborted) return;
        const socket = createSocket({ type: family === 6 ? "udp6" : "udp4", signal: timeout });
        const sentMs = nowMs();
        const request = sntpRequest(sentMs);
        const end = (aheadMs: number | null) => {
          socket.close();
          resolve(aheadMs);
        };
        socket.on("error", () => end(null));
        socket.on("message", (answer) => end(sntpAhead(answer, request, sentMs, nowMs())));
        socket.connect(port, address, () => socket.send(request));
      },
      () => resolve(null),
    );
  });
}
