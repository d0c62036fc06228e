import { textWidth } from "../drawing/text.ts";
import { wrapText, wrapTextTo } from "../drawing/wrap.ts";

/** Lines of text at one scale. */
export interface TextBlock {
  readonly lines: readonly string[];
  readonly scale: number;
}

const MOST_TITLE_LINES = 3;
const LARGE_STEP = 2;

/** How many of the display's lines a block takes. */
export function blockLines({ lines, scale }: TextBlock): number {
  return lines.length * scale;
}

export function blockWidth({ lines, scale }: TextBlock): number {
  return Math.max(0, ...lines.map((line) => textWidth(line, scale)));
}

/** The title as large as leaves all of the next step its lines, without breaking a word. */
export function titleBlock(
  texts: { readonly title: string; readonly shortTitle?: string; readonly nextStep: string },
  width: number,
  room: number,
  largest: number,
): TextBlock {
  const stepLines = wrapText(texts.nextStep, width).length;
  for (let scale = largest; scale > 1; scale--) {
    for (const title of [texts.title, texts.shortTitle ?? texts.title]) {
      const block = { lines: wrapText(title, width, scale), scale };
      const fits = blockWidth(block) <= width && blockLines(block) + stepLines <= room;
      if (fits && !breaksWord(title, block) && block.lines.length <= MOST_TITLE_LINES) return block;
    }
  }
  return { lines: wrapTextTo(texts.title, width, 1), scale: 1 };
}

/** In large type only if that stands clear of the title and on few lines. */
export function stepBlock(text: string, width: number, room: number): TextBlock {
  const large = { lines: wrapText(text, width, LARGE_STEP), scale: LARGE_STEP };
  const most = large.lines.length === 1 ? room : room - 1;
  const fits = large.lines.length <= 2 && blockLines(large) <= most;
  if (fits && !breaksWord(text, large)) return large;
  return { lines: wrapText(text, width), scale: 1 };
}

/** As many lines as there is room for, the last of them cut if there are more. */
export function cutBlock({ lines, scale }: TextBlock, width: number, most: number): TextBlock {
  return { lines: wrapTextTo(lines.join(" "), width, most, scale), scale };
}

function breaksWord(text: string, { lines }: TextBlock): boolean {
  const words = text.split(/\s+/).filter((word) => word !== "");
  return lines.join(" ") !== words.join(" ");
}
