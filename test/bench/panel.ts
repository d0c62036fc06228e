import { createRequire } from "node:module";
import { drawScreen } from "../../src/panel/draw-screen.ts";
import { drawText } from "../../src/panel/drawing/text.ts";
import type { PanelFacts } from "../../src/panel/facts.ts";
import { Framebuffer } from "../../src/panel/framebuffer.ts";
import { stepPanel } from "../../src/panel/panel-machine.ts";
import { pagesOf } from "../../src/panel/panel-pages.ts";
import { initialPanel } from "../../src/panel/panel-state.ts";
import { viewOf } from "../../src/panel/panel-view.ts";
import type { PageName } from "../../src/panel/screen.ts";
import { START_MS } from "../support/fake-clock.ts";
import { oledRig } from "../support/oled-rig.ts";
import { panelFacts } from "../support/panel-facts.ts";
import { restFigures } from "./panel-rest.ts";
import type { Figure } from "./table.ts";

/** So many, for the driver sends everything again once in half an hour. */
const MINUTES = 30;
const MINUTE_MS = 60_000;
/** As often as text that is too long moves. */
const STEP_MS = 250;
const CHANGES_PER_MINUTE = 10;
const SIZE = { width: 128, height: 64 };
const BUS_HZ = 400_000;
const BITS_PER_BYTE = 9;

/** Gives the picture at a time since the panel was started. */
type Film = (atMs: number) => Framebuffer;

/** The panel looks that often for something to show; a program without a diff sends that often. */
const REDRAWS_PER_MINUTE = 60;

/** Bytes on the bus, with addresses and commands. */
interface Minute {
  /** The driver's probes and refreshes included. */
  readonly driverBytes: number;
  /** Every new picture sent whole, and nothing else. */
  readonly wholeBytes: number;
  /** A whole picture sent every second, changed or not. */
  readonly redrawnBytes: number;
  readonly newPictures: number;
}

/** What the driver sends, against a driver that sends every new picture whole. */
export async function panelFigures(): Promise<Figure[]> {
  const wholeBytes = wholePictureBytes();
  const digitBytes = await changedDigitBytes();
  const number = await minuteOf(smallNumber, wholeBytes);
  const count = await minuteOf(
    pagesFilm((page) => page.page === "count"),
    wholeBytes,
  );
  const turning = await minuteOf(
    pagesFilm(() => true),
    wholeBytes,
  );
  return [
    { name: "bytes of a whole picture by oled-i2c-bus", value: wholeBytes, unit: "B" },
    { name: "bytes of a changed 5x7 digit", value: digitBytes, unit: "B", goal: { atMost: 24 } },
    { name: "bytes a minute, 5x7 number changes ten times", value: number.driverBytes, unit: "B" },
    fewer(number),
    ...minuteFigures("count page, changes ten times", count, { atLeast: 30 }),
    ...minuteFigures("all pages in turn", turning),
    ...(await restFigures()),
  ];
}

function minuteFigures(name: string, minute: Minute, goal?: { atLeast: number }): Figure[] {
  const { driverBytes, redrawnBytes, newPictures } = minute;
  const wireMs = (driverBytes * BITS_PER_BYTE * 1000) / BUS_HZ;
  return [
    { name: `bytes a minute, ${name}`, value: driverBytes, unit: "B" },
    {
      name: "  fewer than a whole picture every second",
      value: redrawnBytes / driverBytes,
      unit: "times",
      ...(goal && { goal }),
    },
    fewer(minute),
    { name: "  new pictures", value: newPictures, unit: "" },
    { name: "  wire busy at 400 kHz", value: wireMs, unit: "ms" },
  ];
}

function fewer({ driverBytes, wholeBytes }: Minute): Figure {
  return {
    name: "  fewer than new pictures whole",
    value: wholeBytes / driverBytes,
    unit: "times",
  };
}

/** Shows the film in virtual time and counts what goes over the bus once it is running. */
async function minuteOf(film: Film, wholeBytes: number): Promise<Minute> {
  const { display, bus, timers, start, stop } = oledRig();
  let last = film(0);
  let newPictures = 0;
  await start();
  display.show(last, "full");
  await timers.pass(STEP_MS);
  bus.takeWireBytes();
  for (let atMs = STEP_MS; atMs <= MINUTES * MINUTE_MS; atMs += STEP_MS) {
    const picture = film(atMs);
    if (!picture.equals(last)) newPictures++;
    last = picture;
    display.show(picture, "full");
    await timers.pass(STEP_MS);
  }
  const driverBytes = bus.takeWireBytes() / MINUTES;
  await stop();
  newPictures /= MINUTES;
  return {
    driverBytes,
    wholeBytes: newPictures * wholeBytes,
    redrawnBytes: REDRAWS_PER_MINUTE * wholeBytes,
    newPictures,
  };
}

const smallNumber: Film = (atMs) => {
  const picture = new Framebuffer(SIZE.width, SIZE.height);
  drawText(picture, String(factsAt(atMs).clients.total), 60, 24);
  return picture;
};

/** The panel as it is, its picture moved each minute, with some of its pages. */
function pagesFilm(isShown: (page: PageName) => boolean): Film {
  const options = { pageMs: 6000, dimAfterMs: 0, offAfterMs: 0 };
  let state = stepPanel(initialPanel(options, 0), { kind: "serving", atMs: 0 }).state;
  return (atMs) => {
    const facts = factsAt(atMs);
    const pages = pagesOf(facts).filter(({ name }) => isShown(name));
    state = stepPanel(state, { kind: "pages", pages, atMs }).state;
    const { screen, shift } = viewOf(state);
    return drawScreen(screen, facts, SIZE, shift);
  };
}

/** A client is new every six seconds; each minute begins with 31 of them again. */
function factsAt(atMs: number): PanelFacts {
  const inMinute = Math.floor(((atMs % MINUTE_MS) * CHANGES_PER_MINUTE) / MINUTE_MS);
  const total = 31 + inMinute;
  const facts = panelFacts();
  const sinceLastMs = atMs % (MINUTE_MS / CHANGES_PER_MINUTE);
  const nowMs = START_MS + atMs;
  return {
    ...facts,
    nowMs,
    counts: facts.counts.map((each) => ({ ...each, activationCount: total })),
    clients: {
      ...facts.clients,
      total,
      last: { hostname: `ws-0${total}`, atMs: nowMs - sinceLastMs },
    },
  };
}

/** The worst case: all five columns change, and the digit stands across two pages. */
async function changedDigitBytes(): Promise<number> {
  const { display, bus, timers, start, stop } = oledRig();
  const picture = new Framebuffer(SIZE.width, SIZE.height);
  await start();
  display.show(picture, "full");
  await timers.pass(1000);
  bus.takeWireBytes();
  for (let i = 0; i < 35; i++) picture.set(60 + (i % 5), 27 + Math.floor(i / 5));
  display.show(picture, "full");
  await timers.pass(1000);
  const bytes = bus.takeWireBytes();
  await stop();
  return bytes;
}

interface OledI2cBus {
  buffer: Buffer;
  _waitUntilReady(then: () => void): void;
  update(): void;
}

/** What the package `oled-i2c-bus` puts on the bus for one picture, each with its address. */
function wholePictureBytes(): number {
  const require = createRequire(import.meta.url);
  const Oled = require("oled-i2c-bus") as new (wire: unknown, options: unknown) => OledI2cBus;
  let bytes = 0;
  const wire = {
    i2cWriteSync: (_address: number, length: number) => {
      bytes += 1 + length;
      return length;
    },
    i2cReadSync: (_address: number, length: number, buffer: Buffer) => {
      bytes += 1 + length;
      buffer.fill(0);
      return length;
    },
  };
  const oled = new Oled(wire, { ...SIZE, address: 0x3c });
  // It asks before each picture whether the display is ready, in a turn of its own.
  oled._waitUntilReady = (then) => {
    wire.i2cReadSync(0x3c, 1, Buffer.alloc(1));
    then();
  };
  bytes = 0;
  oled.update();
  return bytes;
}
