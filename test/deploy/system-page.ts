import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { startChromium, visitor } from "../browser/chromium.ts";
import { logIn, open } from "../browser/claim.ts";
import type { BootedDebian } from "./booted.ts";

/** The new version has a minute to serve, before the former one comes back. */
const INSTALLED_MS = 180_000;

export interface Sending {
  readonly file: string;
  readonly signature?: string;
  readonly older?: boolean;
}

/** The page _System_ of a box in a booted Debian, in a browser that is in the same network. */
export class SystemPage {
  readonly page: Page;
  readonly #browser: Browser;

  private constructor(browser: Browser, page: Page) {
    this.#browser = browser;
    this.page = page;
  }

  static async open(box: BootedDebian, folder: string): Promise<SystemPage> {
    const program = join(folder, "chromium");
    const within = box.inItsNetwork("/usr/bin/chromium").join(" ");
    await writeFile(program, `#!/bin/sh\nexec ${within} "$@"\n`);
    await chmod(program, 0o755);
    const browser = await startChromium(program);
    const { page } = await visitor(browser);
    await page.goto("https://127.0.0.1/");
    await logIn(page);
    await open(page, "System");
    return new SystemPage(browser, page);
  }

  close(): Promise<void> {
    return this.#browser.close();
  }

  /** Waits until the page says so; beside the form as an alert, if it refuses. */
  async says(text: RegExp): Promise<void> {
    await this.page.locator("main").getByText(text).first().waitFor({ timeout: INSTALLED_MS });
  }

  async send({ file, signature, older = false }: Sending): Promise<void> {
    await this.page.getByLabel("Package", { exact: true }).setInputFiles(file);
    await this.page.getByLabel("Its signature").setInputFiles(signature ?? []);
    await this.page.getByLabel("Allow an older version").setChecked(older);
    await this.page.getByRole("button", { name: "Upgrade" }).click();
  }

  /** The box starts again, whatever becomes of the package; the page finds it by itself. */
  async logInAgain(): Promise<void> {
    const again = this.page.getByRole("dialog", { name: "Log in again" });
    await again.getByLabel("Administrator's password").waitFor({ timeout: INSTALLED_MS });
    await logIn(this.page);
    await again.waitFor({ state: "detached" });
  }

  async runs(version: string): Promise<void> {
    const runs = this.page.locator("dl.facts > div").filter({ hasText: /^Runs/ });
    await runs.filter({ hasText: version }).waitFor({ timeout: INSTALLED_MS });
  }
}
