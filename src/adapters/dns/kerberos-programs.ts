import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { SECOND_MS } from "../../domain/units.ts";
import { kerberosFailure } from "./kerberos-failures.ts";

/** MIT Kerberos asks each KDC several times; whoever waits for the ticket is not kept longer. */
const TIMEOUT_MS = 15 * SECOND_MS;

/** Their messages and times as {@link listedLifeMs} and {@link kerberosFailure} read them. */
const PLAIN = { LC_ALL: "C", TZ: "UTC" };

/** Runs a program to its end, or until told to stop; rejects like `execFile` does, with `code`, `killed` and `stderr`. */
export type RunProgram = (
  program: string,
  args: readonly string[],
  options: {
    readonly env: NodeJS.ProcessEnv;
    readonly timeout: number;
    readonly signal: AbortSignal;
  },
) => Promise<{ readonly stdout: string }>;

/** The programs of MIT Kerberos, with plain arguments and typed errors. Each ends within 15 s. */
export class KerberosPrograms {
  readonly #run: RunProgram;
  #running = new AbortController();

  constructor(run: RunProgram = promisify(execFile)) {
    this.#run = run;
  }

  /** Ends what runs; whoever waits for it is told that it failed. */
  stop(): void {
    this.#running.abort();
    this.#running = new AbortController();
  }

  /** The principals that a keytab has keys of, in its order. @throws {DnsFailedError} */
  async principals(keytab: string): Promise<readonly string[]> {
    const listing = await this.#call("klist", ["-k", fileName(keytab)], { keytab });
    return listedPrincipals(listing);
  }

  /**
   * Gets a ticket into a credential cache.
   *
   * @param lifeSeconds asked of the KDC, which may give less; its own choice if left out
   * @throws {DnsFailedError}
   */
  async obtain(
    { keytab, principal }: { readonly keytab: string; readonly principal: string },
    cache: string,
    lifeSeconds?: number,
  ): Promise<void> {
    const life = lifeSeconds === undefined ? [] : ["-l", `${lifeSeconds}s`];
    const args = [...life, "-c", cache, "-k", "-t", fileName(keytab), "--", principal];
    await this.#call("kinit", args, { keytab, principal });
  }

  /** How long a cache's ticket is good from its start, milliseconds; undefined if not told. */
  async lifeMs(cache: string, keytab: string): Promise<number | undefined> {
    return listedLifeMs(await this.#call("klist", ["-c", cache], { keytab }));
  }

  async #call(
    program: string,
    args: readonly string[],
    about: { readonly keytab: string; readonly principal?: string },
  ): Promise<string> {
    const env = { ...process.env, ...PLAIN };
    const { signal } = this.#running;
    try {
      return (await this.#run(program, args, { env, timeout: TIMEOUT_MS, signal })).stdout;
    } catch (error) {
      throw kerberosFailure(error, about);
    }
  }
}

/** With its type, so that no path is taken for an option or for another type of keytab. */
function fileName(keytab: string): string {
  return `FILE:${resolve(keytab)}`;
}

/** Reads `klist -k`: a table of `KVNO Principal` after a line of dashes. */
function listedPrincipals(listing: string): readonly string[] {
  const names = listing.split("\n").flatMap((line) => /^\s*\d+\s+(\S+@\S+)/.exec(line)?.[1] ?? []);
  return [...new Set(names)];
}

/** Reads `klist -c` in the C locale: `11/22/26 17:23:21  11/23/26 03:23:21  krbtgt/…`. */
function listedLifeMs(listing: string): number | undefined {
  const time = String.raw`(\d\d/\d\d/\d{2,4} \d\d:\d\d:\d\d)`;
  const line = new RegExp(`^${time}\\s+${time}\\s+krbtgt/`, "m").exec(listing);
  const lifeMs = Date.parse(`${line?.[2]} UTC`) - Date.parse(`${line?.[1]} UTC`);
  return Number.isNaN(lifeMs) ? undefined : lifeMs;
}
