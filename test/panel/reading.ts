import { drawText, textHeight, textWidth } from "../../src/panel/drawing/text.ts";
import { Framebuffer } from "../../src/panel/framebuffer.ts";

/** Whether a text stands somewhere in the picture at a scale, every pixel of it. */
export function reads(picture: Framebuffer, text: string, scale = 1): boolean {
  const width = textWidth(text, scale);
  const height = textHeight(scale);
  const drawn = new Framebuffer(Math.max(1, width), Math.ceil(height / 8) * 8);
  drawText(drawn, text, 0, 0, { scale });
  for (let left = 0; left <= picture.width - width; left++) {
    for (let top = 0; top <= picture.height - height; top++) {
      if (standsAt(picture, drawn, { left, top, width, height })) return true;
    }
  }
  return false;
}

/** The same, in any of the sizes that texts have. */
export function readsAtAnyScale(picture: Framebuffer, text: string): boolean {
  return [1, 2, 3, 4, 5].some((scale) => reads(picture, text, scale));
}

function standsAt(
  picture: Framebuffer,
  drawn: Framebuffer,
  place: { left: number; top: number; width: number; height: number },
): boolean {
  for (let x = 0; x < place.width; x++) {
    for (let y = 0; y < place.height; y++) {
      if (picture.get(place.left + x, place.top + y) !== drawn.get(x, y)) return false;
    }
  }
  return true;
}
