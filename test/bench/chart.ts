import { readable } from "./table.ts";

export interface Bar {
  readonly label: string;
  readonly value: number;
  readonly unit: string;
}

export interface BarGroup {
  readonly title: string;
  readonly bars: readonly Bar[];
}

const WIDTH = 720;
const LABEL_WIDTH = 250;
const ROW_HEIGHT = 24;
const TITLE_HEIGHT = 34;

/** Horizontal bars in groups, each to its own scale; the page's text colour works light and dark. */
export function barChart(groups: readonly BarGroup[]): string {
  let y = 0;
  const parts: string[] = [];
  for (const { title, bars } of groups) {
    y += TITLE_HEIGHT;
    parts.push(`<text class="t" x="0" y="${y - 12}">${escaped(title)}</text>`);
    const longest = Math.max(...bars.map(({ value }) => value));
    for (const bar of bars) {
      parts.push(barOf(bar, y, longest));
      y += ROW_HEIGHT;
    }
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y + 8}" role="img" aria-label="Benchmark">
<style>text{font:13px sans-serif;fill:#57606a}.t{font-weight:bold}rect{fill:#57a773}rect.o{fill:#a7a7b0}</style>
${parts.join("\n")}
</svg>
`;
}

function barOf({ label, value, unit }: Bar, y: number, longest: number): string {
  const width = Math.max(1, (value / longest) * (WIDTH - LABEL_WIDTH - 130));
  const kind = label.startsWith("KMS Box") ? "" : ' class="o"';
  const end = (LABEL_WIDTH + width + 6).toFixed(1);
  return (
    `<text x="0" y="${y + 15}">${escaped(label)}</text>` +
    `<rect${kind} x="${LABEL_WIDTH}" y="${y + 3}" width="${width.toFixed(1)}" height="16"/>` +
    `<text x="${end}" y="${y + 15}">${readable(value)} ${escaped(unit)}</text>`
  );
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
