import encodeQR from "qr";
import type { Framebuffer } from "../framebuffer.ts";
import { type Area, fillArea } from "./shapes.ts";

/** Dark modules are true; the encoder asks for a border of one module at least. */
type Symbol = readonly (readonly boolean[])[];
const BORDER_MODULES = 1;

/** Encoding takes longer than all the rest of a picture, and the text hardly ever changes. */
let latest: { readonly text: string; readonly symbol: Symbol } | undefined;

/**
 * Draws a QR code as large as it fits, in whole pixels a module, and lights all of the area around it
 * as its quiet zone: to a reader, what is lit is light. False, and nothing drawn, if it does not fit.
 */
export function drawQr(target: Framebuffer, text: string, area: Area): boolean {
  const symbol = symbolOf(text);
  const scale = Math.floor(Math.min(area.width, area.height) / symbol.length);
  if (scale < 1) return false;
  fillArea(target, area);
  const left = area.x + Math.floor((area.width - symbol.length * scale) / 2);
  const top = area.y + Math.floor((area.height - symbol.length * scale) / 2);
  symbol.forEach((row, rowIndex) => {
    row.forEach((dark, column) => {
      if (!dark) return;
      const x = left + column * scale;
      const y = top + rowIndex * scale;
      fillArea(target, { x, y, width: scale, height: scale }, false);
    });
  });
  return true;
}

function symbolOf(text: string): Symbol {
  if (latest?.text === text) return latest.symbol;
  // The display is clean and near: more correction would only make the modules smaller.
  const symbol = encodeQR(text, "raw", { ecc: "low", border: BORDER_MODULES });
  latest = { text, symbol };
  return symbol;
}
