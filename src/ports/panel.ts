import type { Framebuffer } from "../panel/framebuffer.ts";
import type { LampLevels } from "../panel/lamps.ts";
import type { Brightness } from "../panel/screen.ts";

/** Whether a part of the panel is there. `reason` is for a person. */
export type PartCondition =
  | { readonly state: "present" }
  | { readonly state: "absent"; readonly reason: string; readonly code: string };

/** Something that shows the panel's picture. */
export interface Display {
  /** Begins; a display that is absent is looked for until it is there. Never rejects. */
  start(onCondition: (condition: PartCondition) => void): Promise<void>;
  /**
   * Shows this picture as soon as the display can; a newer one takes the place of one that waits.
   * Never throws and never waits. The display keeps no reference to the picture.
   */
  show(picture: Framebuffer, brightness: Brightness): void;
  /** Waits a moment for the newest picture to be shown, and lets go of the display. */
  stop(): Promise<void>;
}

/** Something that shows the LEDs. */
export interface Leds {
  start(onCondition: (condition: PartCondition) => void): Promise<void>;
  /** Never throws and never waits. */
  set(levels: LampLevels): void;
  /** Puts all of them out. */
  stop(): Promise<void>;
}

/** Something that can be pressed. */
export interface Button {
  /**
   * Tells each change of the contact, bounces included, with its monotonic time. If the button is
   * down already when it is first read, that is told as a change as well.
   */
  start(
    onChange: (pressed: boolean, atMs: number) => void,
    onCondition: (condition: PartCondition) => void,
  ): Promise<void>;
  stop(): Promise<void>;
}
