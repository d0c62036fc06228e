import type { ForecastAnswer } from "../../web/api/insight-schemas.ts";
import { formatTime } from "../support/dates.ts";
import { type Column, tableLines } from "../support/table.ts";

type Product = ForecastAnswer["products"][number];
type Machine = Product["machines"][number];

/** Days that stand in the table. */
const SHOWN_DAYS = [7, 14, 21, 30];
/** Machines that are named of those that leave. */
const MOST_NAMED = 10;

export interface ForecastAsked {
  readonly isWhatIf: boolean;
  readonly nobodyReturns: boolean;
}

/** What is foreseen, for a person; the verdict comes last. */
export function forecastLines(answer: ForecastAnswer, asked: ForecastAsked): string[] {
  const { products, clockTrusted } = answer;
  if (products.length === 0)
    return ["No valid licence names a product: there is nothing to foresee."];
  return [
    ...(clockTrusted
      ? []
      : ["The clock is not trusted: the days are by a time that may be wrong.", ""]),
    ...tableLines(COLUMNS, products),
    "",
    ...products.flatMap((product) => [sentence(product), ...leaverLines(product)]),
    "",
    ...retiredLines(answer),
    verdict(answer, asked),
  ];
}

const COLUMNS: readonly Column<Product>[] = [
  { title: "PRODUCT", cell: ({ product }) => product },
  { title: "THRESHOLD", align: "right", cell: ({ threshold }) => String(threshold) },
  { title: "NOW", align: "right", cell: ({ countNow }) => String(countNow) },
  ...SHOWN_DAYS.map(
    (day): Column<Product> => ({
      title: `${day} DAYS`,
      align: "right",
      cell: ({ days }) => String(days[day] ?? ""),
    }),
  ),
];

function sentence({ name, threshold, countNow, lowest, fallsBelow, absent }: Product): string {
  if (countNow < threshold) {
    return `${name} is below its threshold now: ${threshold - countNow} more must ask.`;
  }
  if (fallsBelow === null) {
    return `${name} keeps its threshold of ${threshold}: the count does not fall below ${lowest}.`;
  }
  return (
    `${name} falls below its threshold of ${threshold} on ${formatTime(Date.parse(fallsBelow))}, ` +
    `when ${absent === 1 ? "1 machine has" : `${absent} machines have`} left:`
  );
}

function leaverLines({ machines, absent }: Product): string[] {
  if (machines.length === 0) return [];
  const named = machines.slice(0, MOST_NAMED);
  const more = absent - named.length;
  return [
    ...tableLines(LEAVERS, named).map((line) => `  ${line}`),
    ...(more > 0 ? [`  and ${more} more (--json names 100)`] : []),
  ];
}

const LEAVERS: readonly Column<Machine>[] = [
  { title: "HOST NAME", cell: ({ hostname }) => hostname },
  { title: "LAST CONTACT", cell: ({ lastContact }) => formatTime(Date.parse(lastContact)) },
  { title: "LEAVES", cell: ({ leaves }) => formatTime(Date.parse(leaves)) },
];

/** A name that several machines share stands for all of them, which one should know. */
function retiredLines({ retired }: ForecastAnswer): string[] {
  return retired
    .filter(({ machines }) => machines.length > 1)
    .map(({ name, machines }) => `${name} means ${machines.length} machines, all of them.`);
}

function verdict(
  { safe, overdue, retired }: ForecastAnswer,
  { isWhatIf, nobodyReturns }: ForecastAsked,
): string {
  const count = retired.reduce((total, { machines }) => total + machines.length, 0);
  const which = count === 1 ? "This machine" : `These ${count} machines`;
  if (isWhatIf && safe) return `${which} may be retired: every product keeps its threshold.`;
  if (isWhatIf) return `${which} should not be retired before others have come.`;
  if (nobodyReturns) return "This is what happens if no machine at all comes again.";
  const late =
    overdue === 0
      ? "No machine is overdue"
      : `${overdue === 1 ? "1 machine is" : `${overdue} machines are`} overdue and taken to be gone`;
  return `${late}; all others are expected to keep their rhythm (--pessimistic: nobody comes again).`;
}
