import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { AdminClient } from "../../src/cli/box/admin-client.ts";
import { Framebuffer } from "../../src/panel/framebuffer.ts";
import { TerminalSession } from "./terminal-session.ts";

const PROGRAM = fileURLToPath(new URL("../../dist/cli/kms-box.js", import.meta.url));

export const LARGE = { columns: 140, rows: 50 };
export const USUAL = { columns: 80, rows: 24 };

export const CTRL_C = "\u0003";
export const CTRL_Z = "\u001A";

/** `kms-box serve --demo` on a state folder, in a terminal of its own. */
export class Demonstration extends TerminalSession {
  readonly data: string;
  readonly #client: AdminClient;

  /**
   * @param data without spaces
   * @param commands what the terminal's shell runs, of the command line of the box
   */
  constructor(data: string, commands: (box: string) => string, size = USUAL) {
    const flags = ["--demo", "--data", data, "--bind", "127.0.0.1", "--port", "0"];
    super(commands([process.execPath, PROGRAM, "serve", ...flags].join(" ")), size);
    this.data = data;
    this.#client = new AdminClient(data);
  }

  /** Resolves once it serves; the shell tells afterwards how it ended and left the terminal. */
  static async start(data: string, size = USUAL): Promise<Demonstration> {
    const demonstration = new Demonstration(
      data,
      (box) => `${box}; echo "status $?"; stty -a`,
      size,
    );
    await demonstration.printed(/Ctrl-C stops the box/);
    await demonstration.tells(/^Demonstration product\n0 of 25\n/);
    return demonstration;
  }

  async panelPicture(): Promise<Framebuffer> {
    const { width, height, picture } = await this.#client.panel();
    return new Framebuffer(width, height, new Uint8Array(Buffer.from(picture, "base64")));
  }

  restart(): Promise<unknown> {
    return this.#client.restart();
  }

  /** Waits until the panel says so, a line for each thing it shows. */
  tells(words: RegExp): Promise<void> {
    return this.until(`the panel to tell ${words}`, async () => {
      // It does not answer before it serves.
      const { lines } = await this.#client.panel().catch(() => ({ lines: [] }));
      return words.test(lines.map((line) => `${line}\n`).join(""));
    });
  }

  /** Waits until what stands in the terminal is the panel's picture, to the pixel. */
  draws(art: (picture: Framebuffer) => string[]): Promise<void> {
    return this.until("the panel to be drawn", async () => {
      const expected = art(await this.panelPicture());
      return this.drawn?.join("\n") === expected.join("\n");
    });
  }

  /** The shell has the terminal again as it was, after the box has ended with this status. */
  async endsSane(status: number): Promise<void> {
    const [, told] = await this.printed(/status (\d+)\r/);
    assert.equal(Number(told), status);
    await this.printed(/\sechoctl\s/);
    this.isSane(this.output.slice(this.output.lastIndexOf("status ")));
    assert.equal(await this.ended(), 0);
  }

  /** @param modes what `stty -a` printed */
  isSane(modes: string): void {
    for (const mode of ["icanon", "echo", "isig", "icrnl", "opost"]) {
      assert.match(modes, new RegExp(`\\s${mode}\\s`), `${mode} is off`);
    }
    assert.equal(this.terminal.cursorShown, true);
  }
}
