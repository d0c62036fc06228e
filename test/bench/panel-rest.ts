import { setTimeout as sleep } from "node:timers/promises";
import type { I2cBus } from "../../src/adapters/panel/i2c-bus.ts";
import { I2cOledDisplay } from "../../src/adapters/panel/i2c-oled-display.ts";
import { NodeClock, NodeTimers } from "../../src/adapters/system/node-clock.ts";
import { PanelService } from "../../src/services/panel/panel-service.ts";
import { USUAL_SETTINGS } from "../support/oled-rig.ts";
import { panelFacts } from "../support/panel-facts.ts";
import { RecordedEvents } from "../support/recorded-events.ts";
import type { Figure } from "./table.ts";

/** Until what is used often is compiled. */
const WARM_UP_MS = 20_000;
const MEASURE_MS = 30_000;
const MICROSECONDS = 1000;

/** A bus that takes everything, so that what is measured is the panel and not a model of it. */
const WILLING_BUS: I2cBus = {
  writeI2cBlock: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

/** The processor's share that the panel takes in real time while nobody asks for anything. */
export async function restFigures(): Promise<Figure[]> {
  const turning = await shareOf({ dimAfterMs: 0, offAfterMs: 0, counts: 31 });
  const blinking = await shareOf({ dimAfterMs: 0, offAfterMs: 0, counts: 24 });
  const dark = await shareOf({ dimAfterMs: 1, offAfterMs: 2, counts: 31 });
  const goal = { atMost: 0.5 };
  return [
    { name: "CPU of the panel at rest, pages turning", value: turning, unit: "%", goal },
    { name: "  and the green LED blinking", value: blinking, unit: "%", goal },
    { name: "  and the display dark", value: dark, unit: "%", goal },
  ];
}

interface Rest {
  readonly dimAfterMs: number;
  readonly offAfterMs: number;
  readonly counts: number;
}

/** In percent of one core. */
async function shareOf({ counts, ...options }: Rest): Promise<number> {
  const timers = new NodeTimers();
  const panel = new PanelService({
    clock: new NodeClock(),
    timers,
    events: new RecordedEvents(),
    size: { width: 128, height: 64 },
    options: { pageMs: 6000, ...options },
    version: "bench",
    hardware: {
      display: new I2cOledDisplay({
        settings: USUAL_SETTINGS,
        place: { bus: 1, address: 0x3c },
        timers,
        openBus: () => Promise.resolve(WILLING_BUS),
      }),
      leds: { start: async () => undefined, set: () => undefined, stop: async () => undefined },
      button: { start: async () => undefined, stop: async () => undefined },
    },
    mirrors: [],
  });
  await panel.start();
  panel.inform((serving) => ({ ...facts(counts), serving, nowMs: Date.now() }));
  panel.serve({
    issueCode: () => ({ code: "", expiresMs: 0 }),
    restart: () => undefined,
    powerOff: () => Promise.resolve(),
    factoryReset: () => Promise.resolve(),
  });
  await sleep(WARM_UP_MS);
  const before = process.cpuUsage();
  await sleep(MEASURE_MS);
  const { user, system } = process.cpuUsage(before);
  await panel.stop();
  return ((user + system) / MICROSECONDS / MEASURE_MS) * 100;
}

function facts(activationCount: number) {
  const usual = panelFacts();
  return { ...usual, counts: usual.counts.map((count) => ({ ...count, activationCount })) };
}
