import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../../domain/units.ts";

/** `2026-07-04 13:45:01` in the time zone of whoever reads it. */
export function localTime(timeMs: number): string {
  const time = new Date(timeMs);
  return `${localDay(timeMs)} ${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
}

/** `2026-07-04` in the time zone of whoever reads it. */
export function localDay(timeMs: number): string {
  const time = new Date(timeMs);
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
}

/** A span in its two largest units: `3 d 4 h`, `12 min 5 s`. */
export function spanText(spanMs: number): string {
  const units: readonly (readonly [string, number])[] = [
    ["d", DAY_MS],
    ["h", HOUR_MS],
    ["min", MINUTE_MS],
    ["s", SECOND_MS],
  ];
  const first = units.findIndex(([, sizeMs]) => spanMs >= sizeMs);
  if (first < 0) return "0 s";
  let leftMs = spanMs;
  const parts = units.slice(first, first + 2).map(([name, sizeMs]) => {
    const whole = Math.floor(leftMs / sizeMs);
    leftMs -= whole * sizeMs;
    return whole === 0 ? "" : `${whole} ${name}`;
  });
  return parts.filter((part) => part !== "").join(" ");
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
