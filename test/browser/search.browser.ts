import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { fillFolder } from "../bench/fill.ts";
import { temporaryFolder } from "../support/box-process.ts";
import { BrowserBox } from "./browser-box.ts";
import { startChromium, visitor } from "./chromium.ts";
import { claim, open } from "./claim.ts";

const CLIENTS = 10_000;
const MOST_MS = 200;
const PAUSE_MS = 400;
/** Each of these finds fewer than what was typed before. */
const TYPED = "4321";

/** Notes for each keystroke how long it is until the rows that it changed are painted. */
const WATCH = `
  window.keystrokes = [];
  const box = document.querySelector("input[type=search]");
  box.addEventListener("input", () => keystrokes.push({ at: performance.now(), painted: null }));
  new MutationObserver(() => {
    const keystroke = keystrokes.at(-1);
    if (!keystroke) return;
    requestAnimationFrame(() => setTimeout(() => {
      keystroke.painted ??= performance.now() - keystroke.at;
    }));
  }).observe(document.querySelector("main .card"), { childList: true, subtree: true, characterData: true });
`;

describe(`a list of ${CLIENTS.toLocaleString("en-GB")} clients, in a browser`, function suite() {
  this.timeout(120_000);
  let folder: string;
  let box: BrowserBox;
  let browser: Browser;
  let page: Page;

  before(async () => {
    folder = await temporaryFolder();
    const data = join(folder, "box");
    await fillFolder(data, CLIENTS);
    [browser, box] = await Promise.all([startChromium(), BrowserBox.start(data)]);
    ({ page } = await visitor(browser));
    await claim(page, box);
    await open(page, "Clients");
    await total(CLIENTS).waitFor();
  });
  after(async () => {
    await browser?.close();
    await box?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const total = (records: number) =>
    page.getByText(`of ${records.toLocaleString("en-GB")} records`, { exact: false });
  const search = () => page.getByRole("searchbox", { name: "Search by name or CMID" });

  it(`is searched within ${MOST_MS} ms of each keystroke`, async () => {
    await page.evaluate(WATCH);
    await search().focus();
    for (const key of TYPED) {
      await page.keyboard.press(key);
      await page.waitForTimeout(PAUSE_MS);
    }
    const { total: found } = await box.client.clients({ search: TYPED });
    await total(found).waitFor();
    const times = await page.evaluate<(number | null)[]>(
      "keystrokes.map(({ painted }) => painted && Math.round(painted))",
    );
    console.log(`    painted after ${times.map((ms) => `${ms} ms`).join(", ")}`);
    assert.equal(times.length, TYPED.length);
    for (const ms of times) assert.ok(ms !== null && ms <= MOST_MS, `A keystroke took ${ms} ms.`);
  });

  it("keeps up with fast typing, and shows what was typed last", async () => {
    await search().fill("");
    await search().pressSequentially("0001234", { delay: 30 });
    await total(1).waitFor();
    await page.getByRole("button", { name: "PC-0001234.office.test" }).waitFor();
    assert.match(page.url(), /search=0001234/);
    await search().fill("");
    await total(CLIENTS).waitFor();
  });

  it("is sorted and paged by the box", async () => {
    await page.getByRole("button", { name: "Name" }).click();
    await page.getByRole("button", { name: "PC-0009999.office.test" }).waitFor();
    assert.equal(
      await page.getByRole("columnheader", { name: "Name" }).getAttribute("aria-sort"),
      "descending",
    );
    await page.getByRole("button", { name: "Last page" }).click();
    await page.getByRole("button", { name: "PC-0000000.office.test" }).waitFor();
    await page.reload();
    await page.getByRole("button", { name: "PC-0000000.office.test" }).waitFor();
  });

  it("is worked with the keyboard alone", async () => {
    await page.goto(`${box.administration}/#/`);
    await page.getByRole("heading", { name: "Overview" }).waitFor();
    await tabTo("Clients");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Clients" }).waitFor();
    await page.locator("h1:focus").waitFor();
    await tabTo("Search by name or CMID");
    await page.keyboard.type("0004321");
    await total(1).waitFor();
    await tabTo("PC-0004321.office.test");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.locator("button:focus", { hasText: "PC-0004321.office.test" }).waitFor();
    await page.keyboard.press("Enter");
    await tabTo("Forget this machine…");
    await page.keyboard.press("Enter");
    await tabTo("Forget PC-0004321.office.test");
    await page.keyboard.press("Enter");
    await page.getByText("No machine has").waitFor();
    assert.equal((await box.client.clients({ search: "0004321" })).total, 0);
  });

  /** The accessible name of what has the focus, as far as these pages give one. */
  function focused(): Promise<string> {
    return page.evaluate<string>(`(() => {
      const focused = document.activeElement;
      return focused.ariaLabel ?? focused.labels?.[0]?.textContent ?? focused.textContent.trim();
    })()`);
  }

  async function tabTo(name: string): Promise<void> {
    for (let tries = 0; tries < 60; tries++) {
      await page.keyboard.press("Tab");
      if ((await focused()) === name) return;
    }
    assert.fail(`Tab leads to no "${name}"; it leads to "${await focused()}".`);
  }
});
