import { writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { AdminClient } from "../../src/cli/box/admin-client.ts";
import type { LoggedEvent } from "../../src/domain/events.ts";
import type { DnsDomainAnswer } from "../../src/web/api/dns-schemas.ts";
import { BoxProcess } from "./box-process.ts";

export interface DnsBoxOptions {
  /** State folder; the configuration is written beside it. */
  readonly data: string;
  readonly dns: object;
  readonly demo?: boolean;
  readonly policy?: object;
  /** Further arguments of `kms-box serve`. */
  readonly args?: readonly string[];
}

/** A box in a process of its own that publishes in DNS. */
export class DnsBox {
  readonly process: BoxProcess;
  readonly admin: AdminClient;

  private constructor(process: BoxProcess) {
    this.process = process;
    this.admin = new AdminClient(process.data);
  }

  static async start({
    data,
    dns,
    demo = false,
    policy = {},
    args = [],
  }: DnsBoxOptions): Promise<DnsBox> {
    const path = `${data}.json`;
    await writeFile(path, JSON.stringify({ panel: false, dns: { mdns: false, ...dns }, policy }));
    return new DnsBox(await BoxProcess.start({ data, demo, args: ["--config", path, ...args] }));
  }

  get port(): number {
    return this.process.port;
  }

  /** How it stands with its first domain. */
  async domain(): Promise<DnsDomainAnswer> {
    const [first] = (await this.admin.dns()).domains;
    if (!first) throw new Error("it publishes in no domain");
    return first;
  }

  /** Resolves with the first domain once it is in that state. */
  reaches(state: DnsDomainAnswer["state"], withinMs = 20_000): Promise<DnsDomainAnswer> {
    return until(
      async () => {
        const domain = await this.domain();
        return domain.state === state ? domain : undefined;
      },
      `the domain is not ${state}`,
      withinMs,
    );
  }

  /** Everything of that name in its log so far. */
  events(name: LoggedEvent["name"]): Record<string, unknown>[] {
    return this.process.program.stdout
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ event }) => event === name);
  }
}

/** What `look` finds, as soon as it is something. */
export async function until<T>(
  look: () => Promise<T | undefined | false>,
  otherwise: string,
  withinMs = 20_000,
): Promise<T> {
  const endMs = performance.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > endMs) throw new Error(`After ${withinMs} ms ${otherwise}`);
    await sleep(50);
  }
}
