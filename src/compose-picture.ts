import { isRaspberryPi } from "./adapters/panel/board.ts";
import { I2cOledDisplay } from "./adapters/panel/i2c-oled-display.ts";
import { OLED_WIDTH } from "./adapters/panel/oled-commands.ts";
import { readPins } from "./adapters/panel/read-pins.ts";
import { NodeTimers } from "./adapters/system/node-clock.ts";
import type { Config } from "./config/schema.ts";
import { drawScreen } from "./panel/draw-screen.ts";
import type { PartCondition } from "./ports/panel.ts";
import { bootFacts } from "./services/panel/boot-facts.ts";
import { showOnce } from "./services/panel/show-once.ts";
import { VERSION } from "./version.ts";

/** Draws one picture on this machine's display, if it has one. */
export async function composePicture(
  { panel, display: settings }: Config,
  kind: "starting" | "off",
): Promise<PartCondition> {
  if (!panel) return absent("panel-off", "the panel is turned off by the configuration.");
  if (!(await isRaspberryPi())) return absent("no-panel", "this machine has no front panel.");
  const { display: place } = await readPins();
  const timers = new NodeTimers();
  const size = { width: OLED_WIDTH, height: settings.height };
  const picture = drawScreen({ kind }, bootFacts(VERSION), size);
  return showOnce(new I2cOledDisplay({ settings, place, timers }), picture, timers);
}

function absent(code: string, reason: string): PartCondition {
  return { state: "absent", code, reason };
}
