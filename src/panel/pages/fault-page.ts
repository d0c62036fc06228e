import { ATTENTION_ICON, FAULT_ICON } from "../drawing/large-icons.ts";
import { NO_FAULT } from "../wording.ts";
import { drawNotice } from "./notice.ts";
import type { PageContext } from "./page-context.ts";

/** What is wrong in plain words, and what to do. */
export function drawFaultPage(context: PageContext, index: number): void {
  const fault = context.facts.faults[index];
  if (!fault) {
    drawNotice(context, NO_FAULT);
    return;
  }
  const { title, nextStep, level } = fault;
  drawNotice(context, { title, nextStep, icon: level === "fault" ? FAULT_ICON : ATTENTION_ICON });
}
