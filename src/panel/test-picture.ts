import { Framebuffer } from "./framebuffer.ts";

/** Distance of the L and the diagonal from the border. */
const MARGIN = 8;

/**
 * Shows whether a display is set up rightly: a border of one pixel on every edge, which is cut off
 * or doubled with another controller or column offset; an L near the top left, upright unless the
 * picture is turned or mirrored; a diagonal, broken where pages or columns are out of place.
 *
 * @param height a multiple of 8, 32 at least
 */
export function testPicture(width: number, height: number): Framebuffer {
  const picture = new Framebuffer(width, height);
  drawBorder(picture);
  drawL(picture, height / 2 - MARGIN / 2);
  const left = (width - height) / 2;
  for (let y = 2; y < height - 2; y++) picture.set(left + y, y);
  return picture;
}

function drawBorder(picture: Framebuffer): void {
  const right = picture.width - 1;
  const bottom = picture.height - 1;
  for (let x = 0; x <= right; x++) {
    picture.set(x, 0);
    picture.set(x, bottom);
  }
  for (let y = 0; y <= bottom; y++) {
    picture.set(0, y);
    picture.set(right, y);
  }
}

/** Two pixels thick, half as wide as high. */
function drawL(picture: Framebuffer, size: number): void {
  for (let y = 0; y < size; y++) {
    const width = y < size - 2 ? 2 : size / 2;
    for (let x = 0; x < width; x++) picture.set(MARGIN + x, MARGIN / 2 + y);
  }
}
