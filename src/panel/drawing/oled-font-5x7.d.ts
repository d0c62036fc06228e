/** The package brings no types of its own. */
declare module "oled-font-5x7" {
  const font: {
    readonly width: number;
    readonly height: number;
    /** `width` columns a glyph, bit 0 on top. */
    readonly fontData: readonly number[];
    /** The characters, in the order of their glyphs. */
    readonly lookup: readonly string[];
  };
  export = font;
}
