import assert from "node:assert/strict";
import type { OledController } from "../../src/adapters/panel/oled-commands.ts";
import { Framebuffer } from "../../src/panel/framebuffer.ts";

const WIDTH = 128;
const PAGES = 8;

/** Bytes that follow a command, by its first byte; commands that are not here are refused. */
const ARGUMENTS = new Map<number, number>([
  ...[0x81, 0xa8, 0xd3, 0xd5, 0xd9, 0xda, 0xdb].map((command) => [command, 1] as const),
  ...[0x40, 0xa0, 0xa1, 0xa4, 0xa6, 0xae, 0xaf, 0xc0, 0xc8, 0xe3].map((c) => [c, 0] as const),
]);
const ONLY: Readonly<Record<OledController, ReadonlyMap<number, number>>> = {
  ssd1306: new Map([
    [0x8d, 1],
    [0x20, 1],
    [0x2e, 0],
  ]),
  sh1106: new Map([[0xad, 1]]),
};

export interface OledModelOptions {
  readonly controller: OledController;
  readonly height: 32 | 64;
  /** Column of the memory that is leftmost on the glass, upright. */
  readonly firstColumn?: number;
}

/** Understands what a display is sent as its data sheet says, and knows what is on its glass. */
export class OledModel {
  readonly #controller: OledController;
  readonly #height: number;
  readonly #columns: number;
  readonly #firstColumn: number;
  readonly #memory: Uint8Array;
  /** By first byte, what was last set. */
  readonly #set = new Map<number, number>();
  #page = 0;
  #column = 0;
  #mirrored = false;
  #turned = false;
  lit = false;

  constructor({ controller, height, firstColumn }: OledModelOptions) {
    this.#controller = controller;
    this.#height = height;
    this.#columns = controller === "ssd1306" ? 128 : 132;
    this.#firstColumn = firstColumn ?? (controller === "ssd1306" ? 0 : 2);
    this.#memory = new Uint8Array(PAGES * this.#columns);
    this.powerOn();
  }

  /** Every setting as after a reset, and noise in the memory. */
  powerOn(): void {
    this.#set.clear();
    this.#page = 0;
    this.#column = 0;
    this.#mirrored = false;
    this.#turned = false;
    this.lit = false;
    for (let i = 0; i < this.#memory.length; i++) this.#memory[i] = (i * 151 + 77) & 0xff;
  }

  get contrast(): number {
    return this.#set.get(0x81) ?? 0x7f;
  }

  /** What a person sees who looks at the glass upright; null while it is dark. */
  get glass(): Framebuffer | null {
    if (!this.lit || !this.#driven()) return null;
    const picture = new Framebuffer(WIDTH, this.#height);
    for (let y = 0; y < this.#height; y++) {
      for (let x = 0; x < WIDTH; x++) picture.set(x, y, this.#pixel(x, y));
    }
    return picture;
  }

  /** Takes one block. */
  take(control: number, bytes: readonly number[]): void {
    if (control === 0x40) {
      for (const byte of bytes) this.#store(byte);
    } else {
      assert.equal(control, 0x00, "neither commands nor data");
      const rest = [...bytes];
      while (rest.length > 0) this.#execute(rest);
    }
  }

  /** Nothing is seen without the high voltage and the right number of rows. */
  #driven(): boolean {
    const voltage =
      this.#controller === "ssd1306" ? this.#set.get(0x8d) === 0x14 : this.#set.get(0xad) === 0x8b;
    const comPins = this.#height === 64 ? 0x12 : 0x02;
    return voltage && this.#set.get(0xa8) === this.#height - 1 && this.#set.get(0xda) === comPins;
  }

  /** Modules are wired so that both directions reversed (A1, C8) is upright. */
  #pixel(x: number, y: number): boolean {
    const last = this.#columns - 1;
    const upright = this.#firstColumn + x;
    const column = this.#mirrored ? upright : last - upright;
    const row = this.#turned ? y : this.#height - 1 - y;
    const byte = this.#memory[Math.floor(row / 8) * this.#columns + column] ?? 0;
    return ((byte >> (row % 8)) & 1) === 1;
  }

  #store(byte: number): void {
    assert.ok(this.#column < this.#columns, "past the last column");
    this.#memory[this.#page * this.#columns + this.#column] = byte;
    this.#column++;
  }

  #execute(rest: number[]): void {
    const command = rest.shift() ?? 0;
    if (command < 0x10) this.#column = (this.#column & 0xf0) | command;
    else if (command < 0x20) this.#column = (this.#column & 0x0f) | ((command & 0x0f) << 4);
    else if (command >= 0xb0 && command <= 0xb7) this.#page = command & 0x07;
    else this.#configure(command, rest);
  }

  #configure(command: number, rest: number[]): void {
    const count = ARGUMENTS.get(command) ?? ONLY[this.#controller].get(command);
    assert.notEqual(count, undefined, `unknown command ${command.toString(16)}`);
    if (command === 0xae || command === 0xaf) this.lit = command === 0xaf;
    if (command === 0xa0 || command === 0xa1) this.#mirrored = command === 0xa1;
    if (command === 0xc0 || command === 0xc8) this.#turned = command === 0xc8;
    if (count === 0) return;
    const argument = rest.shift();
    assert.ok(argument !== undefined, `${command.toString(16)} without its argument`);
    if (command === 0x20) assert.equal(argument, 0x02, "page addressing is what both know");
    this.#set.set(command, argument);
  }
}

/** The picture as seen by somebody who stands on their head. */
export function upsideDown(picture: Framebuffer): Framebuffer {
  const { width, height } = picture;
  const turned = new Framebuffer(width, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) turned.set(width - 1 - x, height - 1 - y, picture.get(x, y));
  }
  return turned;
}
