import assert from "node:assert/strict";
import { I2cOledDisplay } from "../../src/adapters/panel/i2c-oled-display.ts";
import type { OledSettings } from "../../src/adapters/panel/oled-commands.ts";
import type { PartCondition } from "../../src/ports/panel.ts";
import { OledModel } from "./oled-model.ts";
import { RecordingBus } from "./recording-bus.ts";
import { VirtualTimers } from "./virtual-timers.ts";

export const USUAL_SETTINGS: OledSettings = {
  controller: "ssd1306",
  height: 64,
  columnOffset: -1,
  rotation: 0,
  contrast: 207,
};

/** Longer than a display needs for any picture, shorter than until the next probe. */
export const SHOWN_MS = 200;

/** The driver on a bus with a model of the display, all in virtual time. */
export function oledRig(changes: Partial<OledSettings> = {}, firstColumn?: number) {
  const settings = { ...USUAL_SETTINGS, ...changes };
  const timers = new VirtualTimers();
  const { controller, height } = settings;
  const model = new OledModel({
    controller,
    height,
    ...(firstColumn !== undefined && { firstColumn }),
  });
  const bus = new RecordingBus(model, timers);
  const place = { bus: 1, address: 0x3c };
  const display = new I2cOledDisplay({ settings, place, timers, openBus: bus.openBus });
  const told: PartCondition[] = [];
  const start = () => display.start((condition) => told.push(condition));
  /** Stops while time goes on, and lets nothing pass that no driver may do. */
  const stop = async () => {
    const stopped = display.stop();
    await timers.pass(SHOWN_MS);
    await stopped;
    assert.deepEqual(bus.violations, []);
  };
  return { settings, timers, model, bus, display, told, start, stop };
}
