import { ALERT_KIND_NAMES, ALERT_NEWS, SEVERITIES } from "../../domain/alerts/alert.ts";
import type { RaisedAlert } from "../../domain/alerts/alert-machine.ts";
import { type DeliveryQueue, MOST_QUEUED } from "../../domain/alerts/delivery-queue.ts";
import type { Json } from "../../ports/store.ts";
import { Check, Type } from "../../protocol/typebox.ts";

/** Name of the document that says which alerts stand, and which are still to be sent. */
export const ALERTS_DOCUMENT = "alerts";

/** What must outlast a restart. */
export interface KeptAlerts {
  readonly raised: readonly RaisedAlert[];
  /** Products that were activated once. */
  readonly reached: readonly string[];
  readonly queue: DeliveryQueue;
}

const text = Type.String({ maxLength: 4096 });
const condition = {
  key: text,
  severity: Type.Enum(SEVERITIES),
  sinceMs: Type.Integer(),
  sentence: text,
  remedy: text,
};

const DocumentSchema = Type.Object({
  raised: Type.Array(
    Type.Object({
      ...condition,
      kind: Type.Enum(ALERT_KIND_NAMES),
      stage: Type.Integer(),
      toldMs: Type.Integer(),
      over: text,
    }),
  ),
  reached: Type.Array(text),
  queue: Type.Array(
    Type.Object({
      alert: Type.Object({
        ...condition,
        kind: Type.Enum([...ALERT_KIND_NAMES, "test"] as const),
        id: text,
        news: Type.Enum(ALERT_NEWS),
        atMs: Type.Integer(),
      }),
      owed: Type.Array(text),
    }),
    { maxItems: MOST_QUEUED },
  ),
});

/** What was stored, or nothing if it is no such record. */
export function parseKeptAlerts(value: Json | undefined): KeptAlerts {
  return Check(DocumentSchema, value) ? value : { raised: [], reached: [], queue: [] };
}
