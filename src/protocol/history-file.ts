import type { PackedHistory } from "../domain/history/history.ts";
import { Check, Type } from "./typebox.ts";

const Whole = Type.Integer({ minimum: 0, maximum: 1e9 });
/** As `Run`. */
const RunSchema = Type.Array(Whole, { minItems: 6, maxItems: 6 });
const RunsSchema = Type.Array(RunSchema, { maxItems: 400 });

const HistoryFileSchema = Type.Object({
  format: Type.Literal("kms-box history"),
  version: Type.Literal(1),
  applications: Type.Array(
    Type.Object({
      application: Type.String({ maxLength: 256 }),
      tiers: Type.Object({ "24h": RunsSchema, "30d": RunsSchema, "1y": RunsSchema }),
    }),
    { maxItems: 64 },
  ),
});

/** One application a line, for whoever opens the file in an editor. */
export function encodeHistory(applications: readonly PackedHistory[]): string {
  const lines = applications.map((each) => JSON.stringify(each));
  return `{"format":"kms-box history","version":1,"applications":[\n${lines.join(",\n")}\n]}\n`;
}

/** Undefined if it is no such file. */
export function parseHistory(text: string): PackedHistory[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Check(HistoryFileSchema, value)) return undefined;
  return (value as unknown as { applications: PackedHistory[] }).applications;
}
