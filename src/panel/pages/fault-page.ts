import { WARNING_ICON } from "../drawing/large-icons.ts";
import { drawNotice } from "./notice.ts";
import type { PageContext } from "./page-context.ts";

/** What is wrong in plain words, and what to do. */
export function drawFaultPage(context: PageContext, index: number): void {
  const fault = context.facts.faults[index];
  if (!fault) {
    drawNotice(context, { title: "ALL WELL", nextStep: "the fault has gone" });
    return;
  }
  const { title, nextStep, level } = fault;
  drawNotice(context, { title, nextStep, icon: WARNING_ICON, inverted: level === "fault" });
}
