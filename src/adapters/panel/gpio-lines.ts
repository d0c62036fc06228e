import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { GpioError } from "./gpio-failures.ts";

/** Where the kernel offers its pins to programs. */
export const GPIO_FOLDER = "/sys/class/gpio";

/** Chips that the 40-pin header of a Raspberry Pi hangs on: Zero 2 and 3, 4, 5. */
const HEADER_CHIPS: ReadonlySet<string> = new Set([
  "pinctrl-bcm2835",
  "pinctrl-bcm2711",
  "pinctrl-rp1",
]);

/** BCM 0 to 27 are on the header. */
const HEADER_LINES = 28;

interface Chip {
  readonly label: string;
  /** The kernel's number of the chip's first line. It differs between kernels and boards. */
  readonly base: number;
  readonly lines: number;
}

/**
 * The kernel's number of BCM 0.
 *
 * @param folder another one in tests
 * @throws {GpioError} this machine has no such header, or its kernel does not offer it so
 */
export async function headerBase(folder = GPIO_FOLDER): Promise<number> {
  const chips = await readChips(folder);
  const header = chips
    .filter(({ label, lines }) => HEADER_CHIPS.has(label) && lines >= HEADER_LINES)
    .sort((one, other) => one.base - other.base)[0];
  if (header) return header.base;
  const labels = chips.map(({ label }) => label).join(", ");
  throw new GpioError(
    "no-header",
    `No GPIO chip of this machine is that of a Raspberry Pi's header (found: ${labels || "none"}). ` +
      'Where there is no panel, set "panel": false.',
  );
}

async function readChips(folder: string): Promise<Chip[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new GpioError(
      "no-gpio",
      `This machine has no ${folder}: its kernel offers no GPIO there. Run the box on Raspberry Pi ` +
        'OS, or set "panel": false.',
      { cause },
    );
  });
  const chips = await Promise.all(
    names.filter((name) => name.startsWith("gpiochip")).map((name) => readChip(join(folder, name))),
  );
  return chips.filter((chip) => chip !== undefined);
}

/** Undefined for one that has gone meanwhile. */
async function readChip(folder: string): Promise<Chip | undefined> {
  const read = async (file: string) => (await readFile(join(folder, file), "utf8")).trim();
  try {
    const [label, base, lines] = await Promise.all([read("label"), read("base"), read("ngpio")]);
    return { label, base: Number(base), lines: Number(lines) };
  } catch {
    return undefined;
  }
}
