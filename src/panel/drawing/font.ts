import font from "oled-font-5x7";

/** Columns of a character from the left, bit 0 on top. */
export type Glyph = readonly number[];

/** Rows of a glyph at scale 1. */
export const GLYPH_ROWS = font.height;

/** A blank is narrower than a character, as in print. */
const BLANK: Glyph = [0, 0];

/** What texts need and the font lacks. */
const ADDED: readonly (readonly [string, Glyph])[] = [
  [" ", BLANK],
  ["~", [0x08, 0x04, 0x08, 0x10, 0x08]],
  ["…", [0x40, 0x00, 0x40, 0x00, 0x40]],
];

const GLYPHS: ReadonlyMap<string, Glyph> = new Map([
  ...font.lookup.map((character, index): [string, Glyph] => [character, glyphAt(character, index)]),
  ...ADDED,
]);

const UNKNOWN = GLYPHS.get("?") ?? BLANK;

/** Marks that follow their letter and would otherwise take a place of their own. */
const MARK = /^\p{M}$/u;
const SPACE = /^[\s\p{Cc}]$/u;
const DASH = /^\p{Pd}$/u;

/** The glyphs of a text: letters with unknown accents lose them, what is left unknown is a `?`. */
export function glyphsOf(text: string): Glyph[] {
  return Array.from(text.normalize("NFC"))
    .filter((character) => !MARK.test(character))
    .map(glyphOf);
}

function glyphOf(character: string): Glyph {
  const known = GLYPHS.get(character);
  if (known) return known;
  if (SPACE.test(character)) return BLANK;
  if (DASH.test(character)) return GLYPHS.get("-") ?? UNKNOWN;
  const [letter = ""] = character.normalize("NFD");
  return GLYPHS.get(letter) ?? UNKNOWN;
}

function glyphAt(character: string, index: number): Glyph {
  const columns = font.fontData.slice(index * font.width, (index + 1) * font.width);
  // All digits are of one width: a digit that changes must not move what stands beside it.
  if (character >= "0" && character <= "9") return columns;
  const first = columns.findIndex((column) => column !== 0);
  const last = columns.findLastIndex((column) => column !== 0);
  return columns.slice(first, last + 1);
}
