import type { EventName } from "../domain/events.ts";
import { SECOND_MS } from "../domain/units.ts";
import type { EventLog } from "../ports/events.ts";
import type { Restored } from "../ports/restore.ts";
import type { CmidStore, StoreNotice } from "../ports/store.ts";

/** Tells the event log what the store notices about its files. */
export function tellStoreNotices(store: CmidStore, events: EventLog): void {
  store.onNotice((notice) =>
    events.record(EVENT_OF[notice.kind], sentenceOf(notice), { ...notice }),
  );
}

/** The key is what a backup restores; but nobody should lose a state without being told. */
export function tellBegunAnew(folder: string, events: EventLog): void {
  events.record(
    "storage-begun-anew",
    `${folder} holds a host key and no state: clients are counted from the beginning, and the ` +
      "licence must be installed again. If that was not meant, stop the box and restore a backup.",
    { folder },
  );
}

/** @param host thumbprint of the new host key */
export function tellResetFinished(host: string, events: EventLog): void {
  events.record(
    "factory-reset-finished",
    "The factory reset is done: the box has a new host key, no licence and no clients. Ask the " +
      "vendor for a licence for the new key.",
    { host },
  );
}

/** Tells that the box was made of a backup, which another one may have been too. */
export function tellRestored(restored: Restored, events: EventLog): void {
  const { host, generation, created, clients } = restored;
  events.record(
    "restore-finished",
    `The box is restored as it was at ${created}, with ${clients} clients. Switch off the box that ` +
      "it replaces: both have the same key.",
    { host, generation, created, clients },
  );
}

const EVENT_OF: { readonly [K in StoreNotice["kind"]]: EventName } = {
  "torn-tail": "storage-repaired",
  "damaged-slot": "storage-repaired",
  "damaged-journal": "storage-repaired",
  migrated: "storage-migrated",
  failed: "storage-failed",
  recovered: "storage-recovered",
  compacted: "storage-compacted",
};

function sentenceOf(notice: StoreNotice): string {
  switch (notice.kind) {
    case "torn-tail":
      return (
        `${notice.file} ended in ${notice.bytes} bytes of an unfinished record, which were cut ` +
        "off; nothing that was answered is lost."
      );
    case "damaged-slot":
      return (
        `${notice.file} is damaged (${notice.reason}); the other copy was used. Replace the card ` +
        "if this happens again."
      );
    case "damaged-journal":
      return (
        `${notice.file} is damaged in line ${notice.line} (${notice.reason}); the record there is ` +
        "lost. Replace the card."
      );
    case "migrated":
      return (
        `The state was brought from schema ${notice.from} to ${notice.to}; the old files are kept ` +
        `as ${notice.kept}.`
      );
    case "failed":
      return `Records cannot be kept, so that nobody is activated: ${notice.reason}`;
    case "recovered":
      return `Records can be kept again, after ${Math.ceil(notice.afterMs / SECOND_MS)} s.`;
    case "compacted":
      return `The state was written anew: ${notice.records} records in ${notice.bytes} bytes.`;
  }
}
