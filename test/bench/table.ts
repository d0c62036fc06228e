/** One measured number, what is asked of it, and whether it is reached. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What is asked, if anything is. */
  readonly goal?: { readonly atMost: number } | { readonly atLeast: number };
}

export function isReached({ value, goal }: Figure): boolean | undefined {
  if (!goal) return undefined;
  return "atMost" in goal ? value <= goal.atMost : value >= goal.atLeast;
}

/** Aligned text for a terminal. */
export function figureTable(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    figure.name,
    `${readable(figure.value)} ${figure.unit}`.trim(),
    goalText(figure),
    { true: "reached", false: "NOT REACHED", undefined: "" }[`${isReached(figure)}`] ?? "",
  ]);
  const widths = [0, 1, 2, 3].map((i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => (i === 1 ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function goalText({ goal, unit }: Figure): string {
  if (!goal) return "";
  return "atMost" in goal ? `at most ${goal.atMost} ${unit}` : `at least ${goal.atLeast} ${unit}`;
}

/** Three significant digits, whole numbers from 1000 on. */
export function readable(value: number): string {
  if (value >= 1000) return Math.round(value).toLocaleString("en").replaceAll(",", " ");
  return String(Number(value.toPrecision(3)));
}
