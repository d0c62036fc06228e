import "uplot/dist/uPlot.min.css";
import { useEffect, useRef } from "preact/hooks";
import type uPlot from "uplot";

const HEIGHT = 200;
const DAY_SECONDS = 86_400;

interface CountChartProps {
  /** What it shows, in words. */
  readonly label: string;
  /** The count today and on each day after it. */
  readonly days: readonly number[];
  readonly threshold: number;
}

/** The count over the next days, against its threshold. The library is fetched when it is needed. */
export function CountChart({ label, days, threshold }: CountChartProps) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const within = place.current;
    if (!within) return undefined;
    let chart: uPlot | undefined;
    let left = false;
    const draw = async () => {
      const { default: Chart } = await import("uplot");
      if (left) return;
      chart?.destroy();
      chart = new Chart(optionsOf(within, Chart), dataOf(days, threshold), within);
    };
    void draw();
    const resized = new ResizeObserver(() =>
      chart?.setSize({ width: within.clientWidth, height: HEIGHT }),
    );
    resized.observe(within);
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    const redraw = () => void draw();
    scheme.addEventListener("change", redraw);
    return () => {
      left = true;
      resized.disconnect();
      scheme.removeEventListener("change", redraw);
      chart?.destroy();
    };
  }, [days, threshold]);
  return <div ref={place} class="chart" role="img" aria-label={label} />;
}

function dataOf(days: readonly number[], threshold: number): uPlot.AlignedData {
  const nowSeconds = Math.floor(Date.now() / 1000);
  const times = days.map((_, day) => nowSeconds + day * DAY_SECONDS);
  return [times, [...days], days.map(() => threshold)];
}

function optionsOf(within: HTMLElement, Chart: typeof uPlot): uPlot.Options {
  const colour = (name: string) => getComputedStyle(within).getPropertyValue(`--${name}`).trim();
  const axis = {
    stroke: colour("quiet"),
    grid: { stroke: colour("line"), width: 1 },
    ticks: { show: false },
    font: "12px system-ui, sans-serif",
  };
  const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
  const paths = Chart.paths.stepped?.({ align: 1 });
  return {
    width: within.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: { y: { range: (_, __, most) => [0, Math.max(1, most) * 1.1] } },
    axes: [
      { ...axis, values: (_, ticks) => ticks.map((tick) => day.format(tick * 1000)) },
      { ...axis, size: 52 },
    ],
    series: [
      {},
      { stroke: colour("accent"), width: 2, points: { show: false }, ...(paths ? { paths } : {}) },
      { stroke: colour("attention"), width: 1, dash: [6, 4], points: { show: false } },
    ],
  };
}
