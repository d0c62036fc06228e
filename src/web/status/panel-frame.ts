import type { LampPattern, LampPatterns } from "../../panel/lamps.ts";
import type { Brightness } from "../../panel/screen.ts";

/** The front panel as the live page hears of it. */
export interface PanelFrame {
  readonly width: number;
  readonly height: number;
  /** Base64, laid out as `Framebuffer`. */
  readonly picture: string;
  readonly brightness: Brightness;
  readonly leds: LampPatterns;
  /** What is shown, in words. */
  readonly lines: readonly string[];
  /** Rises with every flash of the activity LED. */
  readonly flashes: number;
}

export const PATTERN_NAMES: Readonly<Record<LampPattern, string>> = {
  off: "off",
  steady: "lit",
  slow: "blinking",
  fast: "blinking fast",
};
