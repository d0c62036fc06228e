const UNITS = ["B", "kB", "MB", "GB", "TB", "PB"];

/** Such as `1.2 GB` and `12 GB`: in powers of ten, as makers of cards count. */
export function bytesText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value.toFixed(unit === 0 || value >= 9.95 ? 0 : 1)} ${UNITS[unit]}`;
}
