import { drawScreen } from "../../src/panel/draw-screen.ts";
import type { Framebuffer } from "../../src/panel/framebuffer.ts";
import { LAMPS, type Lamp } from "../../src/panel/lamps.ts";
import { panelFacts } from "../support/panel-facts.ts";
import { commonPixels, runsOf, without } from "./pixel-paths.ts";
import { circle, element, label, rect, svgFile } from "./svg.ts";
import { LAMP_LENSES } from "./wiring/colours.ts";

const THRESHOLD = 25;
const PRODUCT = "Example Desktop";
/** Network, DNS, clients and health follow the count. */
const PAGES = 5;

const STEP_MS = 400;
const HOLD_MS = 6000;
const REACHED_MS = THRESHOLD * STEP_MS;
const LOOP_MS = REACHED_MS + HOLD_MS;
const BLINK_MS = 1000;
const FLASH_MS = 120;

const SIZE = { width: 744, height: 324 };
const GLASS = { x: 48, y: 40, scale: 4, width: 128, height: 64 };
const LAMP_AT = { x: 644, y: 62, distance: 42 };

/** The front panel while 25 machines ask one after the other; a loop that ends on activating. */
export function countClimbing(): string {
  const pictures = Array.from({ length: THRESHOLD + 1 }, (_, count) => countPage(count));
  return svgFile({
    ...SIZE,
    title: "The front panel counts from 0 to 25 of 25, then says ACTIVATING",
    style: style(),
    parts: [...bezel(), glass(pictures), ...LAMPS.flatMap(lamp), ...button()],
  });
}

function countPage(activationCount: number): Framebuffer {
  const counts = [{ name: PRODUCT, activationCount, activationThreshold: THRESHOLD }];
  return drawScreen(
    { kind: "page", name: { page: "count", index: 0 }, position: 0, pages: PAGES, sinceMs: 0 },
    panelFacts({ counts }),
    GLASS,
  );
}

function style(): string {
  const loop = `${LOOP_MS / 1000}s step-end infinite`;
  return [
    "text{font:bold 11px 'DejaVu Sans',Verdana,sans-serif;fill:#8b949e;letter-spacing:.08em}",
    "path{stroke:#c9ecff;fill:none}",
    `.f{visibility:hidden;animation:f ${loop}}@keyframes f{0%{visibility:visible}${percent(STEP_MS)},to{visibility:hidden}}`,
    `.l{animation:l ${loop}}${keyframes("l", "visibility", ["hidden", "visible"], [[REACHED_MS, LOOP_MS]])}`,
    `.green{animation:g ${loop}}${keyframes("g", "opacity", ["0", "1"], greenLit())}`,
    `.activity{animation:a ${loop}}${keyframes("a", "opacity", ["0", "1"], activityLit())}`,
    "@media (prefers-reduced-motion:reduce){.f,.l,.green,.activity{animation:none}}",
  ].join("\n");
}

type Span = readonly [fromMs: number, toMs: number];

/** A property that has its second value during the spans and its first one between them. */
function keyframes(
  name: string,
  property: string,
  [outside, inside]: readonly [string, string],
  spans: readonly Span[],
): string {
  const steps = spans.flatMap(([from, to]) => [
    `${percent(from)}{${property}:${inside}}`,
    `${percent(to)}{${property}:${to === LOOP_MS ? inside : outside}}`,
  ]);
  const start = spans[0]?.[0] === 0 ? "" : `0%{${property}:${outside}}`;
  return `@keyframes ${name}{${start}${steps.join("")}}`;
}

function percent(ms: number): string {
  return `${Number(((100 * ms) / LOOP_MS).toFixed(3))}%`;
}

/** Slow blinking below the threshold, steady from there. */
function greenLit(): Span[] {
  const blinks = Array.from({ length: REACHED_MS / BLINK_MS }, (_, i): Span => {
    return [i * BLINK_MS, i * BLINK_MS + BLINK_MS / 2];
  });
  return [...blinks, [REACHED_MS, LOOP_MS]];
}

/** A flash for each machine that asks. */
function activityLit(): Span[] {
  return Array.from({ length: THRESHOLD }, (_, i): Span => {
    const at = (i + 1) * STEP_MS;
    return [at, at + FLASH_MS];
  });
}

function bezel(): string[] {
  const { x, y, scale, width, height } = GLASS;
  const frame = { x: x - 14, y: y - 14 };
  return [
    element(
      "defs",
      {},
      element(
        "pattern",
        { id: "grid", width: 1, height: 1, patternUnits: "userSpaceOnUse" },
        element("path", { d: "M0 0h1M0 0v1", style: "stroke:#05090d;stroke-width:.3" }),
      ),
    ),
    rect({ x: 0, y: 0 }, SIZE.width, SIZE.height, { rx: 18, fill: "#22272e" }),
    rect({ x: 1.5, y: 1.5 }, SIZE.width - 3, SIZE.height - 3, {
      rx: 17,
      fill: "none",
      stroke: "#444c56",
    }),
    rect(frame, width * scale + 28, height * scale + 28, {
      rx: 8,
      fill: "#05090d",
      stroke: "#3a424c",
    }),
  ];
}

function glass(pictures: readonly Framebuffer[]): string {
  const common = commonPixels(pictures);
  const { x, y, scale, width, height } = GLASS;
  const frames = pictures.map((picture, count) => {
    const d = runsOf(without(picture, common));
    const delay = `animation-delay:${(count * STEP_MS) / 1000}s`;
    return count === THRESHOLD
      ? element("path", { class: "l", d })
      : element("path", { class: "f", style: delay, d });
  });
  // Strokes run along the middle of their row of pixels.
  const rows = element(
    "g",
    { transform: "translate(0 .5)" },
    [element("path", { d: runsOf(common) }), ...frames].join("\n"),
  );
  const grid = rect({ x: 0, y: 0 }, width, height, { fill: "url(#grid)" });
  return element("g", { transform: `translate(${x} ${y}) scale(${scale})` }, rows + grid);
}

const LAMP_LABELS: Readonly<Record<Lamp, string>> = {
  green: "STATUS",
  yellow: "ATTENTION",
  red: "FAULT",
  activity: "ACTIVITY",
};

function lamp(name: Lamp, place: number): string[] {
  const at = { x: LAMP_AT.x - 36, y: LAMP_AT.y + place * LAMP_AT.distance };
  const [lens, rim] = LAMP_LENSES[name];
  const lit = name === "green" || name === "activity";
  return [
    circle(at, 9, { fill: rim, "fill-opacity": 0.35, stroke: "#0d1117", "stroke-width": 2 }),
    ...(lit ? [glow(name, at, lens)] : []),
    label({ x: at.x + 20, y: at.y + 4 }, LAMP_LABELS[name]),
  ];
}

/** Where nothing moves, green is lit and activity is not. */
function glow(name: Lamp, at: { x: number; y: number }, lens: string): string {
  const halo = circle(at, 15, { fill: lens, "fill-opacity": 0.28 });
  const opacity = name === "green" ? 1 : 0;
  return element("g", { class: name, opacity }, halo + circle(at, 8, { fill: lens }));
}

function button(): string[] {
  const at = { x: LAMP_AT.x + 6, y: 262 };
  return [
    circle(at, 27, { fill: "#161b22", stroke: "#444c56", "stroke-width": 2 }),
    circle(at, 20, { fill: "#2d333b", stroke: "#0d1117" }),
  ];
}
