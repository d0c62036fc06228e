/** Chips of the displays that hobby shops sell as "0.96 inch" and "1.3 inch" OLED. */
export type OledController = "ssd1306" | "sh1106";

/** What has to be known of a display; the same names and ranges as the configuration's. */
export interface OledSettings {
  readonly controller: OledController;
  readonly height: 32 | 64;
  /** First column in use at this rotation; -1 is the controller's usual one. */
  readonly columnOffset: number;
  /** Degrees. */
  readonly rotation: 0 | 180;
  /** 1 to 255, when awake. */
  readonly contrast: number;
}

/** First byte of a block: commands follow, or bytes of the picture. */
export const COMMANDS = 0x00;
export const PICTURE_DATA = 0x40;

/** Most bytes that an SMBus block write carries after its first. */
export const MOST_BLOCK_BYTES = 32;

export const DISPLAY_OFF = 0xae;
export const DISPLAY_ON = 0xaf;
export const NOTHING = 0xe3;

export const OLED_WIDTH = 128;

/** The SH1106 has 132 columns, of which displays show those in the middle. */
const USUAL_COLUMN_OFFSET: Readonly<Record<OledController, number>> = { ssd1306: 0, sh1106: 2 };

/**
 * Everything that a controller forgets without power, but contrast and whether it is lit. Page
 * addressing is what both have. Source: data sheets of SSD1306 and SH1106, command tables.
 */
export function setupCommands({ controller, height, rotation }: OledSettings): readonly number[] {
  const multiplex = [0xa8, height - 1];
  const comPins = [0xda, height === 64 ? 0x12 : 0x02];
  const direction = rotation === 0 ? [0xa1, 0xc8] : [0xa0, 0xc0];
  const common = [0xd5, 0x80, ...multiplex, 0xd3, 0x00, 0x40, ...direction, ...comPins];
  const showMemory = [0xa4, 0xa6];
  return controller === "ssd1306"
    ? // Charge pump on, page addressing, no scrolling that another program may have left.
      [...common, 0x8d, 0x14, 0x20, 0x02, 0x2e, 0xd9, 0xf1, 0xdb, 0x40, ...showMemory]
    : // DC-DC converter on.
      [...common, 0xad, 0x8b, 0xd9, 0x22, 0xdb, 0x35, ...showMemory];
}

/** @param level 0 to 255 */
export function contrastCommands(level: number): readonly number[] {
  return [0x81, level];
}

/** Where the next bytes of the picture go; the column moves on with each, the page does not. */
export function addressCommands(
  settings: OledSettings,
  page: number,
  column: number,
): readonly number[] {
  const { controller, columnOffset } = settings;
  const offset = columnOffset < 0 ? USUAL_COLUMN_OFFSET[controller] : columnOffset;
  const place = column + offset;
  return [0xb0 | page, place & 0x0f, 0x10 | (place >> 4)];
}
