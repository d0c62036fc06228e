import { writeFile } from "node:fs/promises";
import { encode } from "fast-png";
import type { Framebuffer } from "../../panel/framebuffer.ts";
import { panelImage } from "../../panel/panel-image.ts";
import type { Brightness } from "../../panel/screen.ts";
import { fileFault } from "../support/files.ts";

/** The picture may show a one-time code. */
const OWNER_ONLY = 0o600;

/**
 * Writes the display's picture as a PNG file, as the eye sees it.
 *
 * @throws {FileNotAccessibleError}
 */
export async function writePanelPng(
  file: string,
  picture: Framebuffer,
  brightness: Brightness,
): Promise<void> {
  const png = encode({ ...panelImage(picture, brightness), channels: 3, depth: 8 });
  try {
    await writeFile(file, png, { mode: OWNER_ONLY });
  } catch (error) {
    throw fileFault(`Cannot write ${file}`, error);
  }
}
