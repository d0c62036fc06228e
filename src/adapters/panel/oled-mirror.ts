import type { Brightness } from "../../panel/screen.ts";
import {
  addressCommands,
  COMMANDS,
  contrastCommands,
  DISPLAY_OFF,
  DISPLAY_ON,
  MOST_BLOCK_BYTES,
  OLED_WIDTH,
  type OledSettings,
  PICTURE_DATA,
  setupCommands,
} from "./oled-commands.ts";
import { firstChangedRun, type Run, UNKNOWN } from "./oled-diff.ts";

/** What the display should show: a picture laid out as in `Framebuffer`. */
export interface WantedPicture {
  readonly bytes: Uint8Array;
  readonly brightness: Brightness;
}

/** One block write. */
export interface Block {
  readonly control: typeof COMMANDS | typeof PICTURE_DATA;
  /** At most 32. */
  readonly bytes: readonly number[];
}

/** Blocks to send in this order; `sent` is called once the display has taken them all. */
export interface Step {
  readonly blocks: readonly Block[];
  sent(): void;
}

/** Contrast at which a display can still be read in a room, and hardly wears. */
const DIM_CONTRAST = 8;

/** Remembers what the display holds and says what is missing. Does no I/O. */
export class OledMirror {
  readonly #settings: OledSettings;
  readonly #held: Int16Array;
  #set = false;
  #contrast = UNKNOWN;
  /** Undefined if nobody knows. */
  #lit: boolean | undefined;
  /** Where to look first, so that a picture that changes all the time on top is shown below, too. */
  #page = 0;

  constructor(settings: OledSettings) {
    this.#settings = settings;
    this.#held = new Int16Array((OLED_WIDTH * settings.height) / 8);
    this.forget();
  }

  /** Everything is to be sent again: this is a display that was not spoken to before. */
  forget(): void {
    this.sendAgain();
    this.#lit = undefined;
  }

  /** Everything is to be sent again, to a display that is believed to be lit: it must not blink. */
  sendAgain(): void {
    this.#set = false;
    this.#contrast = UNKNOWN;
    this.#held.fill(UNKNOWN);
  }

  /**
   * The next few blocks towards this picture, so few that a newer picture need not wait for long;
   * undefined once the display shows it.
   */
  next(wanted: WantedPicture): Step | undefined {
    if (!this.#set) return this.#setUp();
    if (wanted.brightness === "off") return this.#lit === false ? undefined : this.#light(false);
    const contrast = this.#contrastFor(wanted.brightness);
    if (contrast !== this.#contrast) return this.#setContrast(contrast);
    return this.#nextRun(wanted.bytes) ?? (this.#lit ? undefined : this.#light(true));
  }

  /** The memory of a display that was just switched on is noise: dark until the picture is there. */
  #setUp(): Step {
    const dark = this.#lit ? [] : [DISPLAY_OFF];
    return commands([...dark, ...setupCommands(this.#settings)], () => {
      this.#set = true;
      // If the display had lost its power, it is dark now and must be lit again after the picture.
      this.#lit = this.#lit ? undefined : false;
    });
  }

  #light(lit: boolean): Step {
    return commands([lit ? DISPLAY_ON : DISPLAY_OFF], () => {
      this.#lit = lit;
    });
  }

  #contrastFor(brightness: "full" | "dim"): number {
    const { contrast } = this.#settings;
    return brightness === "full" ? contrast : Math.min(contrast, DIM_CONTRAST);
  }

  #setContrast(level: number): Step {
    return commands(contrastCommands(level), () => {
      this.#contrast = level;
    });
  }

  #nextRun(bytes: Uint8Array): Step | undefined {
    const pages = this.#settings.height / 8;
    for (let i = 0; i < pages; i++) {
      const page = (this.#page + i) % pages;
      const start = page * OLED_WIDTH;
      const held = this.#held.subarray(start, start + OLED_WIDTH);
      const run = firstChangedRun(held, bytes.subarray(start, start + OLED_WIDTH));
      if (run) return this.#sendRun(page, run, bytes.slice(start + run.first, start + run.end));
    }
    return undefined;
  }

  #sendRun(page: number, { first }: Run, bytes: Uint8Array): Step {
    const address = addressCommands(this.#settings, page, first);
    const blocks: Block[] = [{ control: COMMANDS, bytes: address }];
    for (let from = 0; from < bytes.length; from += MOST_BLOCK_BYTES) {
      const part = bytes.subarray(from, from + MOST_BLOCK_BYTES);
      blocks.push({ control: PICTURE_DATA, bytes: [...part] });
    }
    const sent = () => {
      this.#held.set(bytes, page * OLED_WIDTH + first);
      this.#page = page + 1;
    };
    return { blocks, sent };
  }
}

function commands(bytes: readonly number[], sent: () => void): Step {
  return { blocks: [{ control: COMMANDS, bytes }], sent };
}
