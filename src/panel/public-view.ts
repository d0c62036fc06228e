import type { PanelFacts, PanelFault } from "./facts.ts";
import type { Screen } from "./screen.ts";

/** Stands on a page for everybody in place of a machine's name. */
const SOME_CLIENT = "a client";

/** What everybody may see instead of the code, which is for whoever stands before the box. */
const CODE_HIDDEN: Screen = {
  kind: "message",
  title: "CODE SHOWN",
  detail: "a one-time code is shown on the box itself",
};

/** The screen as everybody on the network may see it. */
export function publicScreen(screen: Screen): Screen {
  return screen.kind === "code" ? CODE_HIDDEN : screen;
}

/** What the panel tells, without the names of machines. */
export function publicFacts(facts: PanelFacts): PanelFacts {
  const { last } = facts.clients;
  return {
    ...facts,
    clients: { ...facts.clients, last: last && { ...last, hostname: SOME_CLIENT } },
    faults: facts.faults.map(publicFault),
  };
}

/** Faults keep their places, by which pages name them. */
function publicFault(fault: PanelFault): PanelFault {
  return fault.namesMachines ? { ...fault, nextStep: "see the administration" } : fault;
}
