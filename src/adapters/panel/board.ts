import { readFile } from "node:fs/promises";
import { GPIO_FOLDER, headerBase } from "./gpio-lines.ts";

/** The board's name, NUL-terminated, where the kernel was started with a device tree. */
const MODEL_FILE = "/proc/device-tree/model";

/**
 * Whether this is a Raspberry Pi, or has a header's chip as one has. On another machine nothing may be
 * written to an I2C bus: what answers there is no display, but a memory module or a monitor.
 */
export async function isRaspberryPi(
  modelFile = MODEL_FILE,
  gpioFolder = GPIO_FOLDER,
): Promise<boolean> {
  const model = await readFile(modelFile, "utf8").catch(() => "");
  if (model.startsWith("Raspberry Pi")) return true;
  return headerBase(gpioFolder).then(
    () => true,
    () => false,
  );
}
