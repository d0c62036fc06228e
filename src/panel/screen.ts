/** The pages that turn by themselves. Pages of `counts` and `faults` carry which one they show. */
export type PageName =
  | { readonly page: "fault"; readonly index: number }
  | { readonly page: "count"; readonly index: number }
  | { readonly page: "network" }
  | { readonly page: "dns" }
  | { readonly page: "clients" }
  | { readonly page: "health" }
  | { readonly page: "certificate" };

/** What letting go of the button now would do. */
export type HoldAction = "tap" | "code" | "restart" | "reset" | "nothing";

/** What the display shows at one moment. */
export type Screen =
  | { readonly kind: "starting" }
  /** `sinceMs` is how long this page has been shown; long text scrolls by it. */
  | {
      readonly kind: "page";
      readonly name: PageName;
      /** Place among the pages, for the row of dots; a fault that takes the first place is 0. */
      readonly position: number;
      readonly pages: number;
      readonly sinceMs: number;
    }
  /** The button is down: what letting go does now, what comes next and in how long. */
  | {
      readonly kind: "holding";
      readonly heldMs: number;
      readonly action: HoldAction;
      readonly next: HoldAction;
      readonly nextInMs: number;
    }
  | { readonly kind: "code"; readonly code: string; readonly remainingMs: number }
  /** A code was asked for but cannot be made, or an action failed. */
  | { readonly kind: "message"; readonly title: string; readonly detail: string }
  | { readonly kind: "confirm-reset"; readonly remainingMs: number }
  /** About to restart, unless a tap switches the machine off instead. */
  | { readonly kind: "restart-offer"; readonly remainingMs: number }
  | { readonly kind: "restarting" }
  | { readonly kind: "resetting" }
  /** The machine shuts down, which takes longer than the host takes to stop. */
  | { readonly kind: "powering-off" }
  | { readonly kind: "stopped" }
  /** The machine has shut down. */
  | { readonly kind: "off" };

/** How bright the display is. */
export type Brightness = "full" | "dim" | "off";
