import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { AdminClient } from "../../src/cli/box/admin-client.ts";
import { Framebuffer } from "../../src/panel/framebuffer.ts";
import { readLines } from "../hil/harness/read-picture.ts";
import { PROGRAMS } from "../support/box-process.ts";
import { LARGE } from "../terminal/demonstration.ts";
import { TerminalSession } from "../terminal/terminal-session.ts";

/** Held as long, the button shows a code. */
const CODE_HOLD_MS = 3600;
const CODE_WITHIN_MS = 5000;
const SPACE_BAR = " ";

/**
 * A box in a terminal of its own, as somebody has it who tries it on a desk: its front panel is drawn
 * there, and the space bar is its button. Its pages are on free ports.
 */
export class BrowserBox extends TerminalSession {
  readonly data: string;
  readonly client: AdminClient;
  /** Of the status page. */
  page = "";
  /** Of the administration. */
  administration = "";
  /** Where clients are served. */
  address = "";

  private constructor(data: string, args: readonly string[]) {
    const flags = ["--demo", "--data", data, "--bind", "127.0.0.1", "--port", "0"];
    const pages = ["--web-port", "0", "--https-port", "0"];
    const box = [process.execPath, `${PROGRAMS}kms-box.js`, "serve", ...flags, ...pages, ...args];
    // The shell gives way to the box, so that the terminal's process is the box.
    super(`echo "pid $$"; exec ${box.join(" ")}`, LARGE);
    this.data = data;
    this.client = new AdminClient(data);
  }

  /**
   * Resolves once it serves its pages.
   *
   * @param data without spaces
   */
  static async start(data: string, args: readonly string[] = []): Promise<BrowserBox> {
    const box = new BrowserBox(data, args);
    await box.printed(/Ctrl-C stops the box/);
    await box.until("its pages", async () => {
      const { events } = await box.client
        .events({ name: "web-serving" })
        .catch(() => ({ events: [] }));
      for (const { details } of events) {
        const port = Number(details.port);
        if (details.scheme === "http") box.page = `http://127.0.0.1:${port}`;
        if (details.scheme === "https") box.administration = `https://127.0.0.1:${port}`;
      }
      return box.page !== "" && box.administration !== "";
    });
    box.address = (await box.client.status()).address;
    return box;
  }

  /**
   * Holds the button until letting go shows a code, and reads it off the display. A machine with much
   * else to do may stretch the hold, or break it off: whoever stands there then holds it again.
   */
  async showCode(): Promise<string> {
    let code: string | undefined;
    let heldAtMs = Number.NEGATIVE_INFINITY;
    await this.until("a code on the display", async () => {
      if (performance.now() - heldAtMs > CODE_WITHIN_MS) {
        await this.hold(SPACE_BAR, CODE_HOLD_MS);
        heldAtMs = performance.now();
      }
      const shown = /^([2-9A-Z]{4})\n([2-9A-Z]{4})$/m.exec(await this.#displayed());
      if (shown) code = `${shown[1]}-${shown[2]}`;
      return shown !== null;
    });
    return code ?? assert.fail();
  }

  async #displayed(): Promise<string> {
    const { width, height, picture } = await this.client.panel();
    const pixels = new Framebuffer(width, height, new Uint8Array(Buffer.from(picture, "base64")));
    const rows = Array.from({ length: height }, (_, y) =>
      Array.from({ length: width }, (__, x) => pixels.get(x, y)),
    );
    return readLines(rows).join("\n");
  }

  /** What the box's process keeps in memory, in bytes. */
  async residentBytes(): Promise<number> {
    const [, pid] = await this.printed(/pid (\d+)\r/);
    const status = await readFile(`/proc/${pid}/status`, "utf8");
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? assert.fail(status);
    return Number(kilobytes) * 1024;
  }
}
