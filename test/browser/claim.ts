import type { Page } from "playwright-core";
import type { BrowserBox } from "./browser-box.ts";

export const PASSWORD = "four large green elephants";

/** Makes the box this visitor's, by a code that is read off its panel. */
export async function claim(page: Page, box: BrowserBox, password = PASSWORD): Promise<void> {
  await page.goto(box.administration);
  await page.getByRole("heading", { name: "Make this box yours" }).waitFor();
  await fillClaim(page, await box.showCode(), password);
  await page.getByRole("heading", { name: "Overview" }).waitFor();
}

export async function fillClaim(page: Page, code: string, password: string): Promise<void> {
  await page.getByLabel("One-time code").fill(code);
  await page.getByLabel("New password", { exact: true }).fill(password);
  await page.getByLabel("New password, again").fill(password);
  await page.getByRole("button", { name: /^(Claim this box|Set the new password)$/ }).click();
}

export async function logIn(page: Page, password = PASSWORD): Promise<void> {
  await page.getByLabel("Administrator's password").fill(password);
  await page.getByRole("button", { name: "Log in" }).click();
}

/** Goes to a page of the administration by its list. */
export async function open(page: Page, name: string): Promise<void> {
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name }).click();
  await page.getByRole("heading", { name, level: 1 }).waitFor();
}
