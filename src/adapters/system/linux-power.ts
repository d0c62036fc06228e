import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type RunProgram, runSystemProgram } from "./run-program.ts";

const SENSORS = "sys/class/hwmon";
/** The kernel's driver for the Pi's firmware (Documentation/hwmon/raspberrypi-hwmon.rst). */
const SENSOR = "rpi_volt";
const ALARM = "in0_lcrit_alarm";
const PROGRAM = "usr/bin/vcgencmd";
/** Of `vcgencmd get_throttled`: under-voltage now. */
const LOW_NOW = 0x1;

/**
 * Whether the Pi's supply voltage is too low, by the kernel's sensor, else by the firmware's own tool;
 * null where neither is there, as on other machines. Never rejects.
 *
 * @param root where the system's files are; another folder in tests
 */
export async function lowVoltage(
  root = "/",
  run: RunProgram = runSystemProgram,
): Promise<boolean | null> {
  const alarm = sensorAlarm(join(root, SENSORS));
  if (alarm !== undefined) return alarm === "1";
  const program = join(root, PROGRAM);
  if (!existsSync(program)) return null;
  const { stdout } = await run(program, ["get_throttled"]);
  const bits = /^throttled=(0x[0-9a-f]+)$/i.exec(stdout.trim())?.[1];
  return bits === undefined ? null : (Number(bits) & LOW_NOW) !== 0;
}

function sensorAlarm(folder: string): string | undefined {
  try {
    for (const name of readdirSync(folder)) {
      const read = (file: string) => readFileSync(join(folder, name, file), "utf8").trim();
      if (read("name") === SENSOR) return read(ALARM);
    }
  } catch {
    return undefined;
  }
  return undefined;
}
