import { type FileHandle, open } from "node:fs/promises";
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
    await writeOwn(file, png);
  } catch (error) {
    throw fileFault(`Cannot write ${file}`, error);
  }
}

async function writeOwn(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, "w", OWNER_ONLY);
  try {
    await closeToOthers(handle);
    await handle.writeFile(bytes);
  } finally {
    await handle.close();
  }
}

/** A file that was there keeps its mode otherwise; a device is not ours to change. */
async function closeToOthers(handle: FileHandle): Promise<void> {
  if ((await handle.stat()).isFile()) await handle.chmod(OWNER_ONLY);
}
