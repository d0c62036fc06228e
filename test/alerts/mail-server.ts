import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly content: string;
  readonly tls: boolean;
  readonly login: string | null;
}

export interface MailServerOptions {
  readonly port?: number;
  readonly cert?: string;
  readonly key?: string;
  /** TLS from the start, in place of STARTTLS. */
  readonly implicit?: boolean;
  readonly auth?: boolean;
  readonly refused?: readonly string[];
}

/** Debian's aiosmtpd in a process of its own. */
export class MailServer {
  readonly port: number;
  readonly mails: Mail[];
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number, mails: Mail[]) {
    this.#child = child;
    this.port = port;
    this.mails = mails;
  }

  /** The mails once there are so many: they are told by another process. */
  async received(count: number): Promise<readonly Mail[]> {
    for (let tries = 0; this.mails.length < count && tries < 100; tries++) await sleep(20);
    return this.mails;
  }

  static async start(options: MailServerOptions = {}): Promise<MailServer> {
    const script = fileURLToPath(new URL("mail-server.py", import.meta.url));
    const args = [script, JSON.stringify(options)];
    const child = spawn("/usr/bin/python3", args, { stdio: ["ignore", "pipe", "ignore"] });
    process.once("exit", () => child.kill("SIGKILL"));
    const lines = createInterface({ input: child.stdout });
    const [port] = (await once(lines, "line")) as [string];
    const mails: Mail[] = [];
    lines.on("line", (line) => mails.push(JSON.parse(line)));
    return new MailServer(child, Number(port), mails);
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill();
    await once(this.#child, "close");
  }
}
