import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { ensurePackages } from "../support/debian-packages.ts";

const PROGRAM = "/usr/bin/chromium";

/**
 * Debian's Chromium, without a window.
 *
 * @param program what starts it elsewhere, such as in another network
 */
export async function startChromium(program = PROGRAM): Promise<Browser> {
  await ensurePackages({ [PROGRAM]: "chromium" });
  return chromium.launch({
    executablePath: program,
    // Its sandbox cannot be had by root, and a container's shared memory is too small for it.
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
  });
}

export interface Visit {
  readonly page: Page;
  /** What the page complained of on the console, and what it threw. */
  readonly complaints: string[];
  close(): Promise<void>;
}

/** A new visitor, with no cookie and nothing cached, who trusts the box's own certificate. */
export async function visitor(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const context = await browser.newContext({
    ignoreHTTPSErrors: true,
    locale: "en-GB",
    timezoneId: "UTC",
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  return { page, complaints, close: () => context.close() };
}
