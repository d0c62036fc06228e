import { KmsError } from "../../domain/errors.ts";
import { jsonFault } from "../../protocol/json-fault.ts";
import { Check, Compile } from "../../protocol/typebox.ts";
import { isRecord } from "../config.ts";
import { schemaFaults } from "../schema-faults.ts";
import { setupFaults } from "./setup-faults.ts";
import { type Setup, SetupSchema, UNDOABLE, type UndoablePart } from "./setup-schema.ts";

/** Names on the boot partition. */
export const SETUP_FILE = "kms-box.json";
export const SETUP_ERRORS_FILE = "kms-box-errors.txt";

/** A setup file may hold a licence, keys and many settings, and stays far below this. */
export const LARGEST_SETUP_BYTES = 256 * 1024;

/** `kms-box.json` cannot be applied; nothing was changed. The message lists everything wrong. */
export class SetupInvalidError extends KmsError {
  readonly code = "setup-invalid";
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`${SETUP_FILE} cannot be used:\n${faults.map((fault) => `  - ${fault}`).join("\n")}`);
    this.faults = faults;
  }
}

/** A setup file that holds what it should. */
export interface ReadSetup {
  readonly setup: Setup;
  /** Parts that stand there as null. */
  readonly undone: ReadonlySet<UndoablePart>;
  /** As it was written, for writing it back without its secrets. */
  readonly document: Readonly<Record<string, unknown>>;
}

const compiled = Compile(SetupSchema);

/**
 * Reads a setup file as any editor on any system saves it: UTF-8 with or without byte order mark, or
 * UTF-16 with one.
 *
 * @returns what is in it, and everything wrong with that; parts that are no such thing at all are
 *   left out
 * @throws {SetupInvalidError} it is not JSON; the message names the place
 */
export function readSetup(bytes: Uint8Array): { read: ReadSetup; faults: readonly string[] } {
  const document = parse(decode(bytes));
  const undone = new Set(UNDOABLE.filter((part) => document[part] === null));
  const stated = Object.fromEntries(
    Object.entries(document).filter(([part]) => !undone.has(part as UndoablePart)),
  );
  const faults = compiled.Check(stated)
    ? []
    : schemaFaults(compiled.Errors(stated), stated, SetupSchema);
  const setup = soundParts(stated);
  return { read: { setup, undone, document }, faults: [...faults, ...setupFaults(setup)] };
}

function soundParts(stated: Readonly<Record<string, unknown>>): Setup {
  const { properties } = SetupSchema;
  return Object.fromEntries(
    Object.entries(stated).filter(
      ([part, value]) =>
        Object.hasOwn(properties, part) && Check(properties[part as keyof Setup], value),
    ),
  );
}

function decode(bytes: Uint8Array): string {
  const utf16 =
    (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  const encoding = utf16 ? (bytes[0] === 0xff ? "utf-16le" : "utf-16be") : "utf-8";
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new SetupInvalidError([
      'the file is not text in UTF-8: save it anew with "UTF-8" as its encoding, which Notepad ' +
        "offers in its Save As window",
    ]);
  }
}

function parse(text: string): Record<string, unknown> {
  const fault = jsonFault(text);
  if (fault) {
    throw new SetupInvalidError([`line ${fault.line}, column ${fault.column}: ${fault.message}`]);
  }
  const document: unknown = JSON.parse(text);
  if (isRecord(document)) return document;
  throw new SetupInvalidError(["the file must hold one object, in braces: { … }"]);
}
