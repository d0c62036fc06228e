import { readFileSync } from "node:fs";
import { hardwareFolder } from "./pins.ts";

export const COLUMNS = [
  "reference",
  "part",
  "needed",
  "quantity",
  "value",
  "specification",
  "source",
  "part_number",
  "note",
] as const;

export type BomRow = Readonly<Record<(typeof COLUMNS)[number], string>>;

/** Records of comma-separated values with quoted fields, as RFC 4180 has them; LF ends a record. */
export function parseCsv(text: string): string[][] {
  const field = /(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n|$)/y;
  const records: string[][] = [];
  let record: string[] = [];
  while (field.lastIndex < text.length) {
    const at = field.lastIndex;
    const found = field.exec(text);
    if (found === null) throw new Error(`not comma-separated values at character ${at}`);
    record.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? "");
    if (found[3] === ",") continue;
    records.push(record);
    record = [];
  }
  return records;
}

export function readBom(): { header: string[]; rows: BomRow[] } {
  const [header = [], ...records] = parseCsv(
    readFileSync(`${hardwareFolder}/bill-of-materials.csv`, "utf8"),
  );
  const rows = records.map(
    (record) => Object.fromEntries(header.map((name, i) => [name, record[i] ?? ""])) as BomRow,
  );
  return { header, rows };
}

/** The number that a value begins with, such as 330 of "330 ohm". */
export function amountOf(reference: string): number {
  const row = readBom().rows.find((each) => each.reference === reference);
  const amount = Number.parseFloat(row?.value ?? "");
  if (Number.isNaN(amount)) throw new Error(`no amount stands at ${reference}`);
  return amount;
}
