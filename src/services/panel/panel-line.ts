import { describeScreen } from "../../panel/describe.ts";
import type { PanelFacts } from "../../panel/facts.ts";
import { LAMPS, type LampPatterns } from "../../panel/lamps.ts";
import type { Screen } from "../../panel/screen.ts";

/**
 * The panel in one line for who reads along without seeing it: faults and counts, whichever page is
 * shown, then what stands in front of the pages, then the LEDs. Never a secret.
 */
export function panelLine(screen: Screen, facts: PanelFacts, patterns: LampPatterns): string {
  const lit = LAMPS.filter((lamp) => patterns[lamp] !== "off");
  const leds = lit.map((lamp) => `${lamp} ${patterns[lamp]}`).join(", ");
  return [...whatIsShown(screen, facts), leds].filter((part) => part !== "").join(" | ");
}

function whatIsShown(screen: Screen, facts: PanelFacts): string[] {
  // A countdown is no news every second.
  if (screen.kind === "holding") return ["button held"];
  if (screen.kind === "confirm-reset") return ["factory reset? tap to confirm"];
  if (screen.kind === "restart-offer") return ["restarting, tap: power off"];
  if (screen.kind !== "page") return [describeScreen(screen, facts).join(", ")];
  const pages = [
    ...facts.faults.map((_, index) => ({ page: "fault", index }) as const),
    ...facts.counts.map((_, index) => ({ page: "count", index }) as const),
  ];
  return pages.map((name) => describeScreen({ ...screen, name }, facts).join(", "));
}
