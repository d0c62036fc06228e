import type { Grid } from "./read-picture.ts";

const COLUMNS = 128;
const ROWS = 64;
const PAGES = ROWS / 8;
const COMMANDS = 0x00;
const DATA = 0x40;

/** Commands that one more byte belongs to. */
const WITH_ARGUMENT = new Set([0x20, 0x81, 0x8d, 0xa8, 0xd3, 0xd5, 0xd9, 0xda, 0xdb]);

/** A byte of the display's memory as a power-on leaves it: anything. */
export type Noise = (index: number) => number;

/**
 * An SSD1306 as its data sheet has it, in page addressing mode: takes the bytes of the bus, and tells
 * what the eye sees. What the driver does wrong, or the model does not know, stands in `complaints`.
 */
export class DisplayModel {
  readonly complaints: string[] = [];
  readonly #memory: Uint8Array;
  #argumentOf: number | undefined;
  #page = 0;
  #column = 0;
  #on = false;
  #chargePump = false;
  #allLit = false;
  #inverted = false;
  #mirroredColumns = false;
  #mirroredRows = false;
  #startLine = 0;
  #offset = 0;
  #height = ROWS;
  #contrast = 0x7f;
  #addressing = 2;
  #alternatePins = true;

  /** @param noise what the memory holds when power comes on; real ones show it if nobody clears it */
  constructor(noise: Noise = () => 0) {
    this.#memory = Uint8Array.from({ length: COLUMNS * PAGES }, (_, index) => noise(index));
  }

  /** Lit pixels are seen only once the display and its charge pump are on. */
  get isOn(): boolean {
    return this.#on && this.#chargePump;
  }

  get contrast(): number {
    return this.#contrast;
  }

  get height(): number {
    return this.#height;
  }

  /** @param control the SMBus command byte, which for this controller says what the others are */
  write(control: number, bytes: readonly number[]): void {
    if (control === COMMANDS) for (const byte of bytes) this.#command(byte);
    else if (control === DATA) for (const byte of bytes) this.#store(byte);
    else this.complaints.push(`control byte ${hex(control)}`);
  }

  /** What is seen, row by row from the top; all dark while the display is off. */
  picture(): Grid {
    return Array.from({ length: this.#height }, (_, y) =>
      Array.from({ length: COLUMNS }, (_, x) => this.isOn && this.#isLit(x, y)),
    );
  }

  #isLit(x: number, y: number): boolean {
    if (this.#allLit) return true;
    // Boards carry the panel upside down: A1 and C8 turn it upright, A0 and C0 leave it turned.
    const column = this.#mirroredColumns ? x : COLUMNS - 1 - x;
    const scanned = this.#mirroredRows ? y : this.#height - 1 - y;
    const row = this.#memoryRow(scanned);
    const byte = this.#memory[(row >> 3) * COLUMNS + column] ?? 0;
    return (((byte >> (row & 7)) & 1) === 1) !== this.#inverted;
  }

  #memoryRow(scanned: number): number {
    // Without the alternate pins (DA 02) a panel of 64 rows shows every row twice; 32 rows need it.
    const row = this.#height === ROWS && !this.#alternatePins ? scanned >> 1 : scanned;
    return (row + this.#startLine + this.#offset) % ROWS;
  }

  #store(byte: number): void {
    if (this.#addressing !== 2) this.complaints.push("data outside page addressing mode");
    this.#memory[this.#page * COLUMNS + this.#column] = byte;
    this.#column = (this.#column + 1) % COLUMNS;
  }

  #command(byte: number): void {
    const command = this.#argumentOf;
    this.#argumentOf = undefined;
    if (command !== undefined) this.#setting(command, byte);
    else if (WITH_ARGUMENT.has(byte)) this.#argumentOf = byte;
    else if (byte <= 0x0f) this.#column = (this.#column & 0x70) | byte;
    else if (byte <= 0x17) this.#column = ((byte & 0x07) << 4) | (this.#column & 0x0f);
    else if (byte >= 0x40 && byte <= 0x7f) this.#startLine = byte & 0x3f;
    else if (byte >= 0xb0 && byte <= 0xb7) this.#page = byte & 0x07;
    else this.#switch(byte);
  }

  #setting(command: number, value: number): void {
    if (command === 0x20) this.#addressing = value & 3;
    else if (command === 0x81) this.#contrast = value;
    else if (command === 0x8d) this.#chargePump = (value & 4) !== 0;
    else if (command === 0xa8) this.#height = (value & 0x3f) + 1;
    else if (command === 0xd3) this.#offset = value & 0x3f;
    else if (command === 0xda) this.#alternatePins = (value & 0x10) !== 0;
  }

  #switch(byte: number): void {
    if (byte === 0xa0 || byte === 0xa1) this.#mirroredColumns = byte === 0xa1;
    else if (byte === 0xa4 || byte === 0xa5) this.#allLit = byte === 0xa5;
    else if (byte === 0xa6 || byte === 0xa7) this.#inverted = byte === 0xa7;
    else if (byte === 0xae || byte === 0xaf) this.#on = byte === 0xaf;
    else if (byte === 0xc0 || byte === 0xc8) this.#mirroredRows = byte === 0xc8;
    else if (byte !== 0xe3 && byte !== 0x2e) this.complaints.push(`command ${hex(byte)}`);
  }
}

/** The picture as text, two rows of pixels to a line. */
export function drawPicture(picture: Grid): string {
  const lines: string[] = [];
  for (let y = 0; y < picture.length; y += 2) {
    const upper = picture[y] ?? [];
    const lower = picture[y + 1] ?? [];
    lines.push(upper.map((lit, x) => BLOCKS[(lit ? 1 : 0) + (lower[x] ? 2 : 0)]).join(""));
  }
  return lines.map((line) => line.trimEnd()).join("\n");
}

const BLOCKS = [" ", "▀", "▄", "█"];

function hex(byte: number): string {
  return `0x${byte.toString(16).padStart(2, "0")}`;
}
