import type { ContactRecord } from "../../domain/contact.ts";
import type { Json, StateChange } from "../../ports/store.ts";

/**
 * A change as it stands in the files: an array that begins with the change's name. Arrays, since names
 * repeated in every row would double the size and the time to load; each file's header tells the columns.
 */
export type Row = readonly Json[];

/** Columns of the rows, by their first element, as the header of every file shows them. */
export const COLUMNS = {
  put: [
    "cmid",
    "product",
    "application",
    "hostname",
    "fingerprint",
    "agent",
    "status",
    "firstContactMs",
    "lastContactMs",
    "leaseExpiresMs",
    "issuedAtSec",
    "jtis",
  ],
  discard: ["cmid", "product"],
  document: ["name", "value"],
  time: ["timeMs", "lowers"],
} as const;

export function toRow(change: StateChange): Row {
  switch (change.op) {
    case "put":
      return recordToRow(change.record);
    case "discard":
      return ["discard", change.cmid, change.product];
    case "document":
      return ["document", change.name, change.value];
    case "time":
      return change.lowers ? ["time", change.timeMs, true] : ["time", change.timeMs];
  }
}

export function recordToRow(record: ContactRecord): Row {
  return [
    "put",
    record.cmid,
    record.product,
    record.application,
    record.hostname,
    record.fingerprint,
    record.agent,
    record.status,
    record.firstContactMs,
    record.lastContactMs,
    record.leaseExpiresMs,
    record.issuedAtSec,
    record.jtis,
  ];
}

type PutRow = readonly [
  op: "put",
  cmid: string,
  product: string,
  application: string,
  hostname: string,
  fingerprint: string,
  agent: string,
  status: ContactRecord["status"],
  firstContactMs: number,
  lastContactMs: number,
  leaseExpiresMs: number,
  issuedAtSec: number,
  jtis: readonly string[],
];

/**
 * The change that a row of the current schema tells; undefined if it tells none.
 *
 * The types of the columns are not checked: the row's checksum says that it is what this program wrote.
 */
export function fromRow(row: Row): StateChange | undefined {
  switch (row[0]) {
    case "put":
      return row.length === COLUMNS.put.length + 1
        ? { op: "put", record: rowToRecord(row as unknown as PutRow) }
        : undefined;
    case "discard":
      return { op: "discard", cmid: row[1] as string, product: row[2] as string };
    case "document":
      return { op: "document", name: row[1] as string, value: row[2] as Json };
    case "time":
      return { op: "time", timeMs: row[1] as number, ...(row[2] === true && { lowers: true }) };
    default:
      return undefined;
  }
}

function rowToRecord(row: PutRow): ContactRecord {
  return {
    cmid: row[1],
    product: row[2],
    application: row[3],
    hostname: row[4],
    fingerprint: row[5],
    agent: row[6],
    status: row[7],
    firstContactMs: row[8],
    lastContactMs: row[9],
    leaseExpiresMs: row[10],
    issuedAtSec: row[11],
    jtis: row[12],
  };
}
