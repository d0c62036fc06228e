import { setTimeout as sleep } from "node:timers/promises";
import type { Guest } from "../hil/guest.ts";
import type { Vendor } from "./vendor.ts";

const WAIT_LIMIT_MS = 120_000;
const COMMAND_LIMIT_MS = 120_000;
const POLL_MS = 500;

/** What of `kms-box status --json` the suites look at. */
export interface BoxStatus {
  readonly version: string;
  readonly host: string;
  readonly lastStart: string;
  readonly clients: number;
  readonly failedUpgrade: { readonly outcome: string; readonly reason: string } | null;
  readonly clock: { readonly trusted: boolean; readonly detail: string };
  readonly products: readonly { readonly id: string; readonly count: number }[];
}

/** An installed box as its administrator, who may become root, has it. */
export class Box {
  readonly #guest: Guest;

  constructor(guest: Guest) {
    this.#guest = guest;
  }

  /** Runs `kms-box` with these arguments, which must succeed, and returns what it prints. */
  command(args: string, input?: string): Promise<string> {
    const options = { timeoutMs: COMMAND_LIMIT_MS, ...(input !== undefined && { input }) };
    return this.#guest.run(`kms-box ${args}`, options);
  }

  async status(): Promise<BoxStatus> {
    return JSON.parse(await this.command("status --json"));
  }

  /** Gives it a licence of this vendor, as the README says. */
  async license(vendor: Vendor): Promise<void> {
    const licence = await vendor.licenceFor(await this.command("licence request"));
    await this.#guest.write("/root/licence.jwt", licence);
    await this.#guest.write("/root/vendor.pub.jwk", await vendor.publicKey());
    await this.command("licence install /root/licence.jwt");
  }

  /** How many are counted. */
  async count(): Promise<number> {
    return (await this.status()).clients;
  }

  /** A property of its service, such as `MainPID`. */
  async property(name: string): Promise<string> {
    return (await this.#guest.run(`systemctl show --value --property=${name} kms-box`)).trim();
  }

  /** Its resident memory in kB, and how much of that are files such as Node's own. */
  async memoryKb(): Promise<{ all: number; files: number }> {
    const status = await this.#guest.read(`/proc/${await this.property("MainPID")}/status`);
    const kb = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]);
    return { all: kb("VmRSS"), files: kb("RssFile") };
  }

  /** Processor time that it used so far, in hundredths of a second. */
  async cpuTicks(): Promise<number> {
    const stat = await this.#guest.read(`/proc/${await this.property("MainPID")}/stat`);
    const fields = stat.replace(/.*\) /, "").split(" ");
    return Number(fields[11]) + Number(fields[12]);
  }

  /** Waits until it answers its administrator, and returns what. */
  async answers(wanted: (status: BoxStatus) => boolean = () => true): Promise<BoxStatus> {
    const end = performance.now() + WAIT_LIMIT_MS;
    for (;;) {
      const { status, stdout, stderr } = await this.#guest.attempt("kms-box status --json");
      if (status === 0 && wanted(JSON.parse(stdout))) return JSON.parse(stdout);
      if (performance.now() > end) {
        throw new Error(`Waited ${WAIT_LIMIT_MS} ms for the box; it says: ${stdout}${stderr}`);
      }
      await sleep(POLL_MS);
    }
  }

  /** Names of the events in the journal since the computer was switched on. */
  async events(): Promise<string[]> {
    const lines = await this.#guest.run("journalctl --no-pager -b -o cat -u kms-box");
    return [...lines.matchAll(/"event":"([a-z-]+)"/g)].map(([, name = ""]) => name);
  }
}
