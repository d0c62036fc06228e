import { useEffect, useRef } from "preact/hooks";
import type { PanelAnswer } from "../../../api/schemas.ts";

const LAMPS = [
  ["green", "status"],
  ["yellow", "attention"],
  ["red", "fault"],
] as const;

const SAID = { off: "off", steady: "on", slow: "blinking slowly", fast: "blinking fast" } as const;

/** The box's front panel, pixel for pixel, and the same in words. */
export function PanelMirror({ panel }: { readonly panel: PanelAnswer }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { width, height, picture, brightness, leds, lines } = panel;
  useEffect(() => {
    if (canvas.current) draw(canvas.current, picture, width, height);
  }, [picture, width, height]);
  return (
    <figure class="panel">
      <canvas
        ref={canvas}
        width={width}
        height={height}
        class={`oled ${brightness}`}
        role="img"
        aria-label={`The display shows: ${lines.join(", ") || "nothing"}`}
      />
      <ul class="lamps" aria-label="Lights">
        {LAMPS.map(([lamp, meaning]) => (
          <li key={lamp}>
            <span class={`lamp ${lamp} ${leds[lamp]}`} aria-hidden="true" /> {meaning}
            <span class="unseen">: {SAID[leds[lamp]]}</span>
          </li>
        ))}
      </ul>
    </figure>
  );
}

/** @param picture Base64; byte page * width + x holds eight rows of column x, bit 0 on top */
function draw(canvas: HTMLCanvasElement, picture: string, width: number, height: number): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  const bytes = Uint8Array.from(atob(picture), (character) => character.charCodeAt(0));
  const image = context.createImageData(width, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const lit = ((bytes[(y >> 3) * width + x] ?? 0) >> (y & 7)) & 1;
      image.data.set(lit ? [214, 236, 255, 255] : [8, 12, 20, 255], (y * width + x) * 4);
    }
  }
  context.putImageData(image, 0, 0);
}
