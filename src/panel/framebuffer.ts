/** Pixels of one column of a page: displays of this family take eight rows as one byte. */
export const PAGE_ROWS = 8;

/**
 * A picture of one bit a pixel, laid out as SSD1306 and SH1106 keep it: byte `page * width + x` holds
 * the rows `8 * page` to `8 * page + 7` of column `x`, bit 0 on top. (0, 0) is top left as seen.
 */
export class Framebuffer {
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8Array;

  /** @param height a multiple of 8 */
  constructor(width: number, height: number, bytes = new Uint8Array((width * height) / PAGE_ROWS)) {
    this.width = width;
    this.height = height;
    this.bytes = bytes;
  }

  get pages(): number {
    return this.height / PAGE_ROWS;
  }

  /** Outside of the picture everything is dark. */
  get(x: number, y: number): boolean {
    if (!this.#contains(x, y)) return false;
    return ((this.#byteAt(x, y) >> (y % PAGE_ROWS)) & 1) === 1;
  }

  /** Outside of the picture nothing happens. */
  set(x: number, y: number, lit = true): void {
    if (!this.#contains(x, y)) return;
    const bit = 1 << (y % PAGE_ROWS);
    const byte = this.#byteAt(x, y);
    this.bytes[this.#place(x, y)] = lit ? byte | bit : byte & ~bit;
  }

  equals(other: Framebuffer): boolean {
    return (
      this.width === other.width &&
      this.height === other.height &&
      this.bytes.every((byte, index) => byte === other.bytes[index])
    );
  }

  copy(): Framebuffer {
    return new Framebuffer(this.width, this.height, this.bytes.slice());
  }

  #contains(x: number, y: number): boolean {
    return x >= 0 && x < this.width && y >= 0 && y < this.height;
  }

  #place(x: number, y: number): number {
    return Math.floor(y / PAGE_ROWS) * this.width + x;
  }

  #byteAt(x: number, y: number): number {
    return this.bytes[this.#place(x, y)] ?? 0;
  }
}
