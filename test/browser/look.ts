import assert from "node:assert/strict";
import axe from "axe-core";
import type { BrowserContextOptions, Page } from "playwright-core";

const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 360, height: 740 };
/** As visitors see the pages. */
export const LOOKS: Readonly<Record<string, BrowserContextOptions>> = {
  "light, on a desk": { viewport: DESKTOP, colorScheme: "light" },
  "dark, on a desk": { viewport: DESKTOP, colorScheme: "dark" },
  "light, on a phone": { viewport: PHONE, colorScheme: "light", hasTouch: true },
  "dark, on a phone": { viewport: PHONE, colorScheme: "dark", hasTouch: true },
};

interface AxeFault {
  readonly id: string;
  readonly impact: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** Holds what is seen against the window's width and against axe's serious rules. */
export async function look(page: Page, name: string): Promise<void> {
  await page.waitForLoadState("networkidle").catch(() => undefined);
  const wide = await page.evaluate<number>(
    "document.documentElement.scrollWidth - document.documentElement.clientWidth",
  );
  assert.ok(wide <= 0, `${name} is ${wide} pixels too wide.`);
  // The page's own policy lets no script in; the debugger does.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<{ violations: AxeFault[] }>("axe.run()");
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  assert.deepEqual(serious.map(told), [], `on ${name}`);
}

function told({ id, help, nodes }: AxeFault): string {
  const places = nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`);
  return `${id}: ${help}: ${places.join("; ")}`;
}
