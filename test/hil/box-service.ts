import { setTimeout as sleep } from "node:timers/promises";
import type { Guest } from "./guest.ts";

const UNIT = "kms-box.service";
const SHIPPED = `/etc/systemd/system/${UNIT}`;
/** Comes before all other places of units, also before what the kernel's command line says of them. */
const OVERRULING = "/run/systemd/system.control";
const DATA = "/srv/data/kms-box";
const COMMAND_LIMIT_MS = 120_000;
const WAIT_LIMIT_MS = 60_000;
const POLL_MS = 250;

/** A line of the box's event log, with the journal's time of it by the guest's monotonic clock. */
export interface LoggedEvent {
  readonly event: string;
  readonly eventId: number;
  readonly atMs: number;
}

/** Who the host says it is. */
export interface HostAnswer {
  readonly host: string;
  /** As the vendors signed them. */
  readonly licences: readonly string[];
  readonly products: readonly { readonly count: number; readonly threshold: number }[];
}

/** The box's service as its administrator has it. */
export class BoxService {
  readonly #guest: Guest;

  constructor(guest: Guest) {
    this.#guest = guest;
  }

  /** Lets it be started with these flags from now on. Without it a guest without a box has none. */
  async configure(flags: string): Promise<void> {
    const shipped = await this.#guest.read(SHIPPED);
    const unit = shipped.replace(/(?<= serve) .*/, ` ${flags} --data ${DATA}`);
    await this.#guest.run(`mkdir -p ${OVERRULING}`);
    await this.#guest.write(`${OVERRULING}/${UNIT}`, unit);
    await this.#guest.run("systemctl daemon-reload");
  }

  async start(): Promise<void> {
    await this.#guest.run(`systemctl start ${UNIT}`);
  }

  async stop(): Promise<void> {
    await this.#guest.run(`systemctl stop ${UNIT}`);
  }

  /** A property of its unit, such as `MainPID`. */
  async property(name: string): Promise<string> {
    return (await this.#guest.run(`systemctl show -P ${name} ${UNIT}`)).trim();
  }

  /** Runs `kms-box` with these arguments, which must succeed, and returns what it prints. */
  async command(args: string): Promise<string> {
    const command = `node /srv/code/dist/cli/kms-box.js ${args} --data ${DATA}`;
    return this.#guest.run(command, { timeoutMs: COMMAND_LIMIT_MS });
  }

  /** What anybody in the office may ask the host. */
  async ask(): Promise<HostAnswer> {
    const answer = await fetch(`http://127.0.0.1:${this.#guest.hostPort}/v1/host`);
    if (!answer.ok) throw new Error(`The host answers ${answer.status}.`);
    return (await answer.json()) as HostAnswer;
  }

  /** Everything that it has logged since the guest was switched on. */
  async journal(): Promise<string> {
    return this.#guest.run(`journalctl --no-pager -o cat -u ${UNIT}`);
  }

  async events(): Promise<LoggedEvent[]> {
    const fields = "--output-fields=MESSAGE,__MONOTONIC_TIMESTAMP";
    const lines = await this.#guest.run(`journalctl --no-pager -o json ${fields} -u ${UNIT}`);
    return lines.split("\n").flatMap((line) => {
      const entry = parsed(line);
      const logged = parsed(entry?.MESSAGE);
      if (typeof logged?.event !== "string" || typeof logged.eventId !== "number") return [];
      const atMs = Number(entry?.__MONOTONIC_TIMESTAMP) / 1000;
      return [{ event: logged.event, eventId: logged.eventId, atMs }];
    });
  }

  /** Waits for an event after a moment of the guest's clock. */
  async logs(event: string, afterMs = 0, limitMs = WAIT_LIMIT_MS): Promise<LoggedEvent> {
    const end = performance.now() + limitMs;
    for (;;) {
      const events = await this.events();
      const found = events.find((logged) => logged.event === event && logged.atMs >= afterMs);
      if (found) return found;
      if (performance.now() > end) {
        const names = events.map((logged) => logged.event).join(", ");
        throw new Error(`Waited ${limitMs} ms for the event ${event}; there are: ${names}.`);
      }
      await sleep(POLL_MS);
    }
  }
}

function parsed(text: unknown): Record<string, unknown> | undefined {
  if (typeof text !== "string" || !text.startsWith("{")) return undefined;
  return JSON.parse(text);
}
