import type { PanelEvent } from "../../panel/panel-machine.ts";
import type { PanelEffect } from "../../panel/panel-state.ts";

/** What the button may ask for. */
export interface PanelActs {
  /** A new one-time administrator code; `expiresMs` is monotonic. */
  issueCode(): { readonly code: string; readonly expiresMs: number };
  /** Throws if the host does not start again for that. */
  restart(): void;
  /** Rejects if the machine cannot be switched off. */
  powerOff(): Promise<void>;
  /** Rejects if the request could not be stored. */
  factoryReset(): Promise<void>;
}

/** A panel's event without its time. */
export type Told<E = PanelEvent> = E extends unknown ? Omit<E, "atMs"> : never;

export type AskedFor = Extract<
  PanelEffect["kind"],
  "issue-code" | "restart" | "power-off" | "factory-reset"
>;

/** Before the host serves. */
export const NOT_YET: PanelActs = {
  issueCode: refuse,
  restart: refuse,
  powerOff: async () => refuse(),
  factoryReset: async () => refuse(),
};

/** Does what the button asked for. What goes wrong is told to the panel and never thrown. */
export function perform(acts: PanelActs, asked: AskedFor, tell: (event: Told) => void): void {
  switch (asked) {
    case "issue-code":
      tell(codeFrom(acts));
      break;
    case "restart": {
      const error = errorOf(() => acts.restart());
      if (error) tell({ kind: "action-failed", title: "NO RESTART", detail: messageOf(error) });
      break;
    }
    case "power-off":
      tellFailure(acts.powerOff(), "NO POWER OFF", tell);
      break;
    case "factory-reset":
      tellFailure(acts.factoryReset(), "NO RESET", tell);
  }
}

function tellFailure(work: Promise<void>, title: string, tell: (event: Told) => void): void {
  work.catch((error: unknown) => {
    tell({ kind: "action-failed", title, detail: messageOf(error) });
  });
}

/** An error's message for the display. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function codeFrom(acts: PanelActs): Told {
  try {
    return { kind: "code-issued", ...acts.issueCode() };
  } catch (error) {
    return { kind: "code-failed", title: "NO CODE", detail: messageOf(error) };
  }
}

function errorOf(act: () => void): Error | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function refuse(): never {
  throw new Error("The box is still starting. Wait until it serves, then try again.");
}
