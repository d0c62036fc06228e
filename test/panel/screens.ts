import type { PanelCount, PanelFacts, PanelFault } from "../../src/panel/facts.ts";
import type { PageName, Screen } from "../../src/panel/screen.ts";
import { panelFacts } from "../support/panel-facts.ts";

export const TALL = { width: 128, height: 64 };
export const SHORT = { width: 128, height: 32 };
export const SIZES = [TALL, SHORT];

/** A page among six, as shown a moment ago. */
export function page(name: PageName, sinceMs = 0): Screen {
  const order = ["count", "network", "dns", "clients", "health"];
  return { kind: "page", name, position: 1 + order.indexOf(name.page), pages: 6, sinceMs };
}

export const COUNT_PAGE = page({ page: "count", index: 0 });
export const FAULT_PAGE = page({ page: "fault", index: 0 });

export function counted(activationCount: number, activationThreshold = 25, name?: string) {
  const count: PanelCount = {
    name: name ?? "Example Desktop",
    activationCount,
    activationThreshold,
  };
  return panelFacts({ counts: [count] });
}

export function faulty(fault: Partial<PanelFault>): PanelFacts {
  const plain: PanelFault = { level: "fault", code: "test", title: "NO CLOCK", nextStep: "set it" };
  return panelFacts({ faults: [{ ...plain, ...fault }] });
}
