import { createRequire } from "node:module";

/** Pixels, row by row from the top. */
export type Grid = readonly (readonly boolean[])[];

/** A line of text in a picture, with the place of its top left corner. */
export interface PictureText {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  /** Size of a pixel of the font, in pixels of the picture. */
  readonly scale: number;
}

interface Font {
  readonly width: number;
  readonly height: number;
  readonly fontData: readonly number[];
  readonly lookup: readonly string[];
}

interface Glyph {
  readonly character: string;
  /** Without the blank ones at both sides, since text may be set closely. */
  readonly columns: readonly number[];
  /** How many blank columns were left out at its left. */
  readonly inset: number;
}

interface Found {
  readonly glyph: Glyph;
  readonly x: number;
}

interface Candidate {
  readonly found: readonly Found[];
  readonly y: number;
  readonly scale: number;
  readonly lit: number;
}

type MayStand = (picture: Grid, place: Record<"x" | "y" | "width" | "scale", number>) => boolean;

const LARGEST_SCALE = 8;
/** The dark between lit things has the form of a letter now and then, but not of a word. */
const SHORTEST_IN_BAR = 4;
const font: Font = createRequire(import.meta.url)("oled-font-5x7");
const glyphs = readGlyphs();

/** The text of a picture in reading order, a line of it for each line seen. */
export function readLines(picture: Grid): string[] {
  return rowsOf(readPicture(picture)).map((row) => row.map(({ text }) => text).join(" "));
}

/**
 * Finds text of the font in a picture, at any place and any whole scale. A glyph counts only where it
 * stands free on all sides and every pixel of its height agrees, so that frames are not read as text.
 * Dark text in a lit bar is read, too.
 */
export function readPicture(picture: Grid): PictureText[] {
  const inverse = picture.map((row) => row.map((lit) => !lit));
  // A bar may end right above or below its text, so that its glyphs do not stand free there.
  const inBars = candidatesIn(inverse, anywhere);
  const words = inBars.filter(({ found }) => found.length >= SHORTEST_IN_BAR);
  return best([...candidatesIn(picture, isFree), ...words]).map(toText);
}

function candidatesIn(picture: Grid, mayStand: MayStand): Candidate[] {
  const candidates: Candidate[] = [];
  for (let scale = 1; scale <= LARGEST_SCALE; scale++) {
    for (let y = 0; y + font.height * scale <= picture.length; y++) {
      candidates.push(...candidatesAt(picture, y, scale, mayStand));
    }
  }
  return candidates;
}

function readGlyphs(): Glyph[] {
  return font.lookup.flatMap((character, index) => {
    const all = font.fontData.slice(index * font.width, (index + 1) * font.width);
    const inset = all.findIndex((column) => column !== 0);
    if (inset === -1) return [];
    const end = all.findLastIndex((column) => column !== 0) + 1;
    return [{ character, columns: all.slice(inset, end), inset }];
  });
}

/** Lines of text whose glyphs begin at row `y`: glyphs too far apart are lines of their own. */
function candidatesAt(picture: Grid, y: number, scale: number, mayStand: MayStand): Candidate[] {
  const columns = columnsOf(picture, y, scale);
  const lines: Found[][] = [];
  let line: Found[] = [];
  let x = 0;
  while (x < columns.length) {
    const glyph = columns[x] === 0 ? undefined : glyphAt(columns, x, scale);
    if (glyph && mayStand(picture, { x, y, width: glyph.columns.length * scale, scale })) {
      if (line.length > 0 && isApart(line, x, scale)) line = [];
      if (line.length === 0) lines.push(line);
      line.push({ glyph, x });
      x += glyph.columns.length * scale;
    } else if (columns[x] === 0) {
      x++;
    } else {
      line = [];
      x = endOfRun(columns, x);
    }
  }
  return lines.map((found) => ({ found, y, scale, lit: litPixels(found, scale) }));
}

/**
 * The columns of a strip as the font would have them: 7 bits if every pixel of the font is whole,
 * else -1. A column is only the left one of `scale` equal ones.
 */
function columnsOf(picture: Grid, y: number, scale: number): number[] {
  return Array.from({ length: picture[0]?.length ?? 0 }, (_, x) => {
    let bits = 0;
    for (let bit = 0; bit < font.height; bit++) {
      const top = y + bit * scale;
      const lit = picture[top]?.[x] ?? false;
      for (let row = top; row < top + scale; row++) if (picture[row]?.[x] !== lit) return -1;
      if (lit) bits |= 1 << bit;
    }
    return bits;
  });
}

/** The widest glyph that begins at `x` and has a blank column, or the edge, at each side. */
function glyphAt(columns: readonly number[], x: number, scale: number): Glyph | undefined {
  if ((columns[x - 1] ?? 0) !== 0) return undefined;
  return glyphs
    .filter((glyph) => fits(glyph, columns, x, scale))
    .sort((a, b) => b.columns.length - a.columns.length)[0];
}

function fits(glyph: Glyph, columns: readonly number[], x: number, scale: number): boolean {
  const end = x + glyph.columns.length * scale;
  if (end > columns.length || (columns[end] ?? 0) !== 0) return false;
  for (let at = x; at < end; at++) {
    if (columns[at] !== glyph.columns[Math.floor((at - x) / scale)]) return false;
  }
  return true;
}

/** Whether the rows right above and below are blank. */
const isFree: MayStand = (picture, { x, y, width, scale }) =>
  [picture[y - 1], picture[y + font.height * scale]].every(
    (row) => !row?.slice(x, x + width).includes(true),
  );

const anywhere: MayStand = () => true;

function endOfRun(columns: readonly number[], x: number): number {
  const end = columns.indexOf(0, x);
  return end === -1 ? columns.length : end;
}

function isApart(line: readonly Found[], x: number, scale: number): boolean {
  const last = line.at(-1);
  return last !== undefined && x - endOf(last, scale) > 4 * font.width * scale;
}

function endOf({ glyph, x }: Found, scale: number): number {
  return x + glyph.columns.length * scale;
}

function litPixels(found: readonly Found[], scale: number): number {
  const bits = found.flatMap(({ glyph }) => glyph.columns).map((column) => ones(column));
  return bits.reduce((sum, count) => sum + count, 0) * scale * scale;
}

function ones(column: number): number {
  return column.toString(2).replaceAll("0", "").length;
}

/** Of candidates that overlap, the one that accounts for most: a part of a large letter is no dash. */
function best(candidates: readonly Candidate[]): Candidate[] {
  const chosen: Candidate[] = [];
  for (const candidate of [...candidates].sort((a, b) => b.lit - a.lit)) {
    if (!chosen.some((other) => overlap(candidate, other))) chosen.push(candidate);
  }
  return chosen.sort((a, b) => a.y - b.y || left(a) - left(b));
}

function overlap(a: Candidate, b: Candidate): boolean {
  return left(a) < right(b) && left(b) < right(a) && a.y < bottom(b) && b.y < bottom(a);
}

function left({ found }: Candidate): number {
  return found[0]?.x ?? 0;
}

function right({ found, scale }: Candidate): number {
  const last = found.at(-1);
  return last ? endOf(last, scale) : 0;
}

function bottom({ y, scale }: Candidate): number {
  return y + font.height * scale;
}

function toText(candidate: Candidate): PictureText {
  const { found, y, scale } = candidate;
  const spaced = isMonospaced(found, scale) ? monospacedGap : proportionalGap;
  let text = "";
  found.forEach((item, index) => {
    const before = found[index - 1];
    if (before && spaced(before, item, scale)) text += " ";
    text += item.glyph.character;
  });
  return { text, x: left(candidate), y, scale };
}

/** Left edge of the cell of 5 columns in which a glyph of fixed width stands. */
function cell({ glyph, x }: Found, scale: number): number {
  return x - glyph.inset * scale;
}

function isMonospaced(found: readonly Found[], scale: number): boolean {
  const pitch = (font.width + 1) * scale;
  const [first] = found;
  return (
    first !== undefined && found.every((f) => (cell(f, scale) - cell(first, scale)) % pitch === 0)
  );
}

function monospacedGap(before: Found, item: Found, scale: number): boolean {
  return cell(item, scale) - cell(before, scale) > (font.width + 1) * scale;
}

function proportionalGap(before: Found, item: Found, scale: number): boolean {
  return item.x - endOf(before, scale) > 3 * scale;
}

/** Lines side by side are one row: a large number and the small words after it. */
function rowsOf(texts: readonly PictureText[]): PictureText[][] {
  const rows: PictureText[][] = [];
  for (const text of texts) {
    const row = rows.find((members) => members.some((member) => isBeside(member, text)));
    if (row) row.push(text);
    else rows.push([text]);
  }
  return rows.map((row) => row.sort((a, b) => a.x - b.x));
}

function isBeside(a: PictureText, b: PictureText): boolean {
  const [heightA, heightB] = [a.scale * font.height, b.scale * font.height];
  const shared = Math.min(a.y + heightA, b.y + heightB) - Math.max(a.y, b.y);
  return shared * 2 >= Math.min(heightA, heightB);
}
