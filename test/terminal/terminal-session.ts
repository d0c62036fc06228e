import assert from "node:assert/strict";
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { TerminalModel } from "../support/terminal-model.ts";

/** How often a terminal's keyboard repeats a key that is held, and when it begins to. */
const REPEAT_MS = 30;
const REPEAT_BEGINS_MS = 400;
const PATIENCE_MS = 20_000;

export function requireScript(): void {
  const { status } = spawnSync("script", ["--version"]);
  assert.equal(status, 0, 'The program "script" is missing: install Debian\'s package bsdutils.');
}

export interface SessionSize {
  readonly columns: number;
  readonly rows: number;
}

/** A shell's commands in a terminal of their own, whose keys are typed by the test. */
export class TerminalSession {
  readonly terminal = new TerminalModel();
  /** Everything that was printed. */
  output = "";
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #device: Promise<string>;

  constructor(commands: string, { columns, rows }: SessionSize) {
    this.terminal.resize(columns, rows);
    const opening = `stty cols ${columns} rows ${rows}; echo "on $(tty)"`;
    const args = ["-qfec", `${opening}; ${commands}`, "/dev/null"];
    this.#child = spawn("script", args, { env: { ...process.env, SHELL: "/bin/sh", PS1: "$ " } });
    this.#child.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.output += text;
      this.terminal.write(text);
    });
    this.#device = this.printed(/^on (\S+)/m).then((found) => found[1] ?? "");
  }

  /** The picture that is drawn, without its frame; undefined if there is none. */
  get drawn(): readonly string[] | undefined {
    const lines = this.terminal.screen;
    const top = lines.findLastIndex((line) => line.startsWith("┌"));
    const bottom = lines.findLastIndex((line) => line.startsWith("└"));
    if (top < 0 || bottom < top) return undefined;
    return lines.slice(top + 1, bottom).map((line) => line.slice(1, -1));
  }

  type(keys: string): void {
    this.#child.stdin.write(keys);
  }

  /** Holds a key as long, as a terminal tells it. */
  async hold(key: string, forMs: number): Promise<void> {
    const endMs = performance.now() + forMs;
    this.type(key);
    await sleep(REPEAT_BEGINS_MS);
    while (performance.now() < endMs) {
      this.type(key);
      await sleep(REPEAT_MS);
    }
  }

  async resize(columns: number, rows: number): Promise<void> {
    const device = await this.#device;
    this.terminal.resize(columns, rows);
    const size = ["cols", String(columns), "rows", String(rows)];
    assert.equal(spawnSync("stty", ["-F", device, ...size]).status, 0);
  }

  /** Waits until this was printed. */
  async printed(text: RegExp): Promise<RegExpExecArray> {
    let found: RegExpExecArray | null = null;
    await this.until(`${text} to be printed`, () => {
      found = text.exec(this.output);
      return found !== null;
    });
    return found ?? assert.fail();
  }

  async until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    const endMs = performance.now() + PATIENCE_MS;
    while (!(await holds())) {
      if (performance.now() > endMs) {
        assert.fail(`Waited in vain for ${what}:\n${this.terminal.screen.join("\n")}`);
      }
      await sleep(20);
    }
  }

  /** The exit status of the last command. */
  async ended(): Promise<number | null> {
    if (this.#child.exitCode === null) await once(this.#child, "close");
    return this.#child.exitCode;
  }

  /** Closes the terminal, as one closes a window. */
  async hangUp(): Promise<void> {
    this.#child.kill("SIGKILL");
    await once(this.#child, "close");
  }

  /** Hangs up, whatever still runs there. */
  async close(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill("SIGTERM");
      await once(this.#child, "close");
    }
  }
}
