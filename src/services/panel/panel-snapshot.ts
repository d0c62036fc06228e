import type { Framebuffer } from "../../panel/framebuffer.ts";
import type { LampPatterns } from "../../panel/lamps.ts";
import type { Brightness } from "../../panel/screen.ts";
import type { PanelParts } from "./panel-parts.ts";

/** The panel as it stands at one moment. */
export interface PanelSnapshot {
  readonly picture: Framebuffer;
  readonly brightness: Brightness;
  readonly patterns: LampPatterns;
  /** What is shown, in words; never a secret. */
  readonly lines: readonly string[];
  readonly parts: PanelParts["words"];
}

/** The panel as everybody on the network may see it. */
export interface PublicPanel extends Omit<PanelSnapshot, "parts"> {
  /** Rises with every flash of the activity LED. */
  readonly flashes: number;
}
