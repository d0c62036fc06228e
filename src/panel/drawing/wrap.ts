import { cutToWidth, textWidth } from "./text.ts";

/** Breaks a text between words so that each line fits; a word too long for a line is broken inside. */
export function wrapText(text: string, width: number, scale = 1): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).filter((part) => part !== "")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (textWidth(longer, scale) <= width) {
      line = longer;
      continue;
    }
    if (line !== "") lines.push(line);
    const pieces = breakWord(word, width, scale);
    line = pieces.pop() ?? "";
    lines.push(...pieces);
  }
  return line === "" ? lines : [...lines, line];
}

/** As many lines as there is room for, the last of them cut if there are more. */
export function wrapTextTo(text: string, width: number, most: number, scale = 1): string[] {
  const lines = wrapText(text, width, scale);
  if (lines.length <= most) return lines;
  const rest = lines.slice(most - 1).join(" ");
  return [...lines.slice(0, most - 1), cutToWidth(rest, width, scale)];
}

function breakWord(word: string, width: number, scale: number): string[] {
  const pieces: string[] = [];
  let piece = "";
  for (const character of word) {
    if (piece !== "" && textWidth(piece + character, scale) > width) {
      pieces.push(piece);
      piece = "";
    }
    piece += character;
  }
  return [...pieces, piece];
}
