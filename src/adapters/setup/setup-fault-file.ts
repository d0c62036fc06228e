import { readFileSync } from "node:fs";
import type { PanelFault } from "../../panel/facts.ts";

/** As much of a next step as the panel takes. */
const LONGEST = 60;

/** What `kms-box setup` left for the front panel; none if it has nothing to tell. */
export function readSetupFaults(path: string): PanelFault[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return [];
  }
  const nextStep = text.split("\n", 1)[0]?.slice(0, LONGEST) ?? "";
  return [{ level: "attention", code: "setup-failed", title: "SETUP FILE", nextStep }];
}
