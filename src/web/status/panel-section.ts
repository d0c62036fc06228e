import type { Framebuffer } from "../../panel/framebuffer.ts";
import { LAMPS, type Lamp, type LampPattern } from "../../panel/lamps.ts";
import { pixelPath } from "../../panel/pixel-path.ts";
import type { PublicPanel } from "../../services/panel/panel-snapshot.ts";
import { type Html, html } from "../pages/html.ts";
import { PATTERN_NAMES, type PanelFrame } from "./panel-frame.ts";

export function frameOf(panel: PublicPanel): PanelFrame {
  const { picture, brightness, patterns, lines, flashes } = panel;
  const { width, height, bytes } = picture;
  return {
    width,
    height,
    picture: Buffer.from(bytes).toString("base64"),
    brightness,
    leds: patterns,
    lines,
    flashes,
  };
}

const LAMP_NAMES: Readonly<Record<Lamp, string>> = {
  green: "Status",
  yellow: "Attention",
  red: "Fault",
  activity: "Activity",
};

/** Glass around the picture, in its pixels. */
const RIM = 3;

/** The front of the box, as it looks now. */
export function panelSection({ picture, brightness, patterns, lines }: PublicPanel): Html {
  return html`
    <figure class="panel" id="panel" data-brightness="${brightness}">
      ${display(picture, lines)}
      <ul class="leds" aria-label="LEDs">${LAMPS.map((lamp) => led(lamp, patterns[lamp]))}</ul>
      <figcaption>
        <span class="asleep">The display sleeps; its button wakes it.</span>
        <span class="hidden">The display says: <span id="panel-words">${lines.join(", ")}</span></span>
      </figcaption>
    </figure>`;
}

function display(picture: Framebuffer, lines: readonly string[]): Html {
  const { width, height } = picture;
  const box = `${-RIM} ${-RIM} ${width + 2 * RIM} ${height + 2 * RIM}`;
  return html`
      <svg class="oled" viewBox="${box}" role="img" aria-label="The box's display: ${lines.join(", ")}">
        <defs><pattern id="gaps" width="1" height="1" patternUnits="userSpaceOnUse"><path fill="#080a0e" d="M0 0h1v.12H.12V1H0z"/></pattern></defs>
        <path class="lit" d="${pixelPath(picture)}"/>
        <rect class="gaps" width="${width}" height="${height}" fill="url(#gaps)"/>
      </svg>`;
}

function led(lamp: Lamp, pattern: LampPattern): Html {
  return html`
        <li data-lamp="${lamp}" data-pattern="${pattern}"><i></i> ${LAMP_NAMES[lamp]} <span class="hidden">${PATTERN_NAMES[pattern]}</span></li>`;
}
