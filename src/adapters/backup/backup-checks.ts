import type { SettingsFile } from "../../domain/backup.ts";
import type { ContactRecord } from "../../domain/contact.ts";
import { LICENCE_STATUSES } from "../../domain/status.ts";
import type { StateChange } from "../../ports/store.ts";
import { LARGEST_SETTINGS_BYTES } from "./settings-files.ts";
import { isStateFileKind, stateFileName } from "./state-files.ts";

/** Of the longest that a request may bring. */
const LONGEST_TEXT = 255;
const MOST_JTIS = 10_000;
/** The latest time that a Date can tell. */
const LATEST_MS = 8.64e15;
/** A box keeps some ten. */
const MOST_DOCUMENTS = 64;
const DOCUMENTS_CHARS = 64 << 20;
const MOST_FILES = 1000;
const FILES_CHARS = 32 << 20;
const LONGEST_FILE_CHARS = Math.ceil(LARGEST_SETTINGS_BYTES / 3) * 4;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/** Whether it is a short text that a terminal can be shown. */
export function isPlainText(value: unknown): value is string {
  return typeof value === "string" && value.length <= LONGEST_TEXT && !CONTROL.test(value);
}

/**
 * Holds what a backup says to what a box can have written. Its checksums show damage; somebody who
 * makes one up can write those too, and a box must start again after any restore.
 */
export class BackupBounds {
  readonly #documents = new Set<string>();
  readonly #files = new Set<string>();
  #documentChars = 0;
  #fileChars = 0;

  /** @param chars of the line that tells them */
  allowChanges(changes: readonly StateChange[], chars: number): boolean {
    return changes.every((change) => this.#allowChange(change, chars));
  }

  /** One of each name, and small as settings are. */
  allowFile(file: SettingsFile): boolean {
    const { kind, name, content } = file;
    const key = `${kind}/${name}`;
    if (this.#files.has(key) || this.#files.size >= MOST_FILES) return false;
    this.#files.add(key);
    this.#fileChars += content.length;
    return (
      isPlainText(name) &&
      (!isStateFileKind(file) || stateFileName(file) !== undefined) &&
      content.length <= LONGEST_FILE_CHARS &&
      this.#fileChars <= FILES_CHARS &&
      BASE64.test(content)
    );
  }

  #allowChange(change: StateChange, chars: number): boolean {
    switch (change.op) {
      case "put":
        return isRecord(change.record);
      case "discard":
        return isPlainText(change.cmid) && isPlainText(change.product);
      case "time":
        return isTime(change.timeMs);
      case "document":
        return this.#allowDocument(change.name, change.value !== undefined, chars);
    }
  }

  #allowDocument(name: string, hasValue: boolean, chars: number): boolean {
    this.#documents.add(name);
    this.#documentChars += chars;
    return (
      hasValue &&
      isPlainText(name) &&
      this.#documents.size <= MOST_DOCUMENTS &&
      this.#documentChars <= DOCUMENTS_CHARS
    );
  }
}

function isRecord(record: ContactRecord): boolean {
  const { cmid, product, application, hostname, fingerprint, agent, status, jtis } = record;
  const { firstContactMs, lastContactMs, leaseExpiresMs, issuedAtSec } = record;
  return (
    [cmid, product, application, hostname, fingerprint, agent].every(isPlainText) &&
    LICENCE_STATUSES.includes(status) &&
    [firstContactMs, lastContactMs, leaseExpiresMs, issuedAtSec].every(isTime) &&
    Array.isArray(jtis) &&
    jtis.length <= MOST_JTIS &&
    jtis.every(isPlainText)
  );
}

function isTime(value: unknown): boolean {
  return typeof value === "number" && value >= 0 && value <= LATEST_MS;
}
