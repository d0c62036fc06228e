import { Framebuffer } from "../../../panel/framebuffer.ts";
import { pixelPath } from "../../../panel/pixel-path.ts";
import type { PanelFrame } from "../../status/panel-frame.ts";
import { PATTERN_NAMES } from "../../status/panel-frame.ts";

export type { PanelFrame };

let flashes: number | undefined;

/** Draws the front panel as it looks now. */
export function showPanel(frame: PanelFrame): void {
  const panel = document.getElementById("panel");
  if (!panel) return;
  const { width, height, picture, brightness, lines } = frame;
  panel.dataset.brightness = brightness;
  const bytes = Uint8Array.from(atob(picture), (character) => character.charCodeAt(0));
  panel.querySelector(".lit")?.setAttribute("d", pixelPath(new Framebuffer(width, height, bytes)));
  const words = lines.join(", ");
  panel.querySelector(".oled")?.setAttribute("aria-label", `The box's display: ${words}`);
  const place = document.getElementById("panel-words");
  if (place && place.textContent !== words) place.textContent = words;
  for (const [lamp, pattern] of Object.entries(frame.leds)) light(panel, lamp, pattern);
  if (flashes !== undefined && flashes !== frame.flashes) flash(panel);
  flashes = frame.flashes;
}

function light(panel: HTMLElement, lamp: string, pattern: keyof typeof PATTERN_NAMES): void {
  const led = panel.querySelector<HTMLElement>(`[data-lamp="${lamp}"]`);
  if (!led || led.dataset.pattern === pattern) return;
  led.dataset.pattern = pattern;
  const words = led.querySelector(".hidden");
  if (words) words.textContent = PATTERN_NAMES[pattern];
}

/** The activity LED is lit for a moment, as on the box. */
function flash(panel: HTMLElement): void {
  const led = panel.querySelector<HTMLElement>('[data-lamp="activity"]');
  if (!led) return;
  led.classList.add("flash");
  setTimeout(() => led.classList.remove("flash"), 120);
}
