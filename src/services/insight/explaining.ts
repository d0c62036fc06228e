import type { ContactRecord } from "../../domain/contact.ts";
import type { LoggedEvent } from "../../domain/events.ts";
import { stillAbsent } from "../../domain/insight/calendar.ts";
import {
  type Circumstances,
  type Cover,
  type Explanation,
  explainAbsent,
  explainRecord,
  explainUnknown,
} from "../../domain/insight/explain.ts";
import { type FoundMachine, isCalled } from "../../domain/insight/find-machines.ts";
import { licenceValidity } from "../../domain/licence.ts";
import type { InsightParts } from "./insight-service.ts";

/** An explanation and whom it is of. */
export interface Explained extends Explanation {
  /** Null if no such machine is known. */
  readonly cmid: string | null;
  readonly hostname: string;
  readonly product: string | null;
}

type Parts = Pick<
  InsightParts,
  "store" | "policy" | "clock" | "licences" | "memory" | "recentEvents"
>;

/**
 * Why the machines of a name are activated or not: one answer for each product of each.
 *
 * @param found those that count
 * @param product id or name of the only one that is meant
 */
export function explainMachine(
  name: string,
  found: readonly FoundMachine[],
  product: string | undefined,
  parts: Parts,
): Explained[] {
  const { store, memory, clock } = parts;
  const isMeant = (id: string) =>
    product === undefined || id === product || productName(id, parts) === product;
  const known = found
    .flatMap(({ cmid }) => store.ledger.ofClient(cmid))
    .filter((record) => isMeant(record.product))
    .map((record) => ({
      ...ofRecord(record),
      ...explainRecord(record, circumstances(record.cmid, record.product, parts)),
    }));
  const absent = stillAbsent(memory.absentees, store.ledger, clock.read().nowMs)
    .filter(({ cmid, hostname }) => cmid === name.toLowerCase() || isCalled(hostname, name))
    .filter((absentee) => isMeant(absentee.product))
    .map((absentee) => ({
      ...ofRecord(absentee),
      ...explainAbsent(absentee, circumstances(absentee.cmid, absentee.product, parts)),
    }));
  const all = [...known, ...absent];
  if (all.length > 0) return all;
  const cmid = found[0]?.cmid ?? null;
  const refusal = refusalOf(
    ({ details }) =>
      details.cmid === name.toLowerCase() || isCalled(String(details.hostname ?? ""), name),
    parts,
  );
  const hostname = found[0]?.hostname ?? name;
  return [
    {
      ...{ cmid, hostname, product: product ?? null },
      ...explainUnknown(hostname, parts, refusal, product),
    },
  ];
}

function ofRecord({
  cmid,
  hostname,
  product,
}: Pick<ContactRecord, "cmid" | "hostname" | "product">) {
  return { cmid, hostname, product };
}

function circumstances(cmid: string, product: string, parts: Parts): Circumstances {
  const { clock, policy, store } = parts;
  const time = clock.read();
  const { condition } = store;
  const storage =
    condition.state === "failed"
      ? { state: "storage-failed" as const, reason: condition.reason }
      : undefined;
  const untrusted = time.trusted
    ? undefined
    : { state: "clock-untrusted" as const, reason: time.reason };
  return {
    policy,
    nowMs: time.nowMs,
    cover: coverOf(product, time.nowMs, parts),
    trouble: untrusted ?? storage,
    refusal: refusalOf(
      ({ details }) => details.cmid === cmid && details.product === product,
      parts,
    ),
    day: (timeMs) => new Date(timeMs).toISOString().slice(0, 10),
  };
}

function coverOf(id: string, nowMs: number, { licences, store }: Parts): Cover {
  const product = licences.covering(id, nowMs)?.product;
  if (product) {
    return { kind: "licensed", product, count: store.ledger.count(product.application) };
  }
  const naming = licences.book.licences.filter(({ claims }) =>
    claims.products.some((each) => each.id === id),
  );
  const hasExpired =
    naming.length > 0 && naming.every(({ claims }) => licenceValidity(claims, nowMs) === "expired");
  const name = productName(id, { licences });
  return { kind: hasExpired ? "licence-expired" : "not-licensed", name };
}

function productName(id: string, { licences }: Pick<Parts, "licences">): string {
  const products = licences.book.licences.flatMap(({ claims }) => claims.products);
  return products.find((each) => each.id === id)?.name ?? id;
}

/** The newest refusal that is still in the log's memory. */
function refusalOf(
  isMeant: (event: LoggedEvent) => boolean,
  { recentEvents }: Parts,
): Circumstances["refusal"] {
  const event = recentEvents().findLast((each) => each.name === "request-refused" && isMeant(each));
  if (!event) return undefined;
  const [, message = event.message] = event.message.split(/ was refused: (.*)/s);
  return { atMs: event.timeMs, message };
}
