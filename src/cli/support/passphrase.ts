import { readFile, stat } from "node:fs/promises";
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { KmsError } from "../../domain/errors.ts";
import { fileFault } from "./files.ts";

/** The passphrase cannot be used; the message says why. */
export class PassphraseError extends KmsError {
  readonly code = "passphrase";
}

/** Whoever has the file may try as many as he likes. */
const LEAST_CHARACTERS = 12;
const OTHERS = 0o077;

/** @throws {PassphraseError} it is too easily guessed */
export function requireStrong(passphrase: string): string {
  if (passphrase.length >= LEAST_CHARACTERS) return passphrase;
  throw new PassphraseError(
    `The passphrase has fewer than ${LEAST_CHARACTERS} characters. Whoever finds the file can try ` +
      "many: take four words or more.",
  );
}

/**
 * A secret from a file that is its owner's alone.
 *
 * @throws {PassphraseError} others may read the file, or it is empty
 * @throws {FileNotAccessibleError}
 */
export async function readSecretFile(
  path: string,
  part: "first-line" | "all" = "first-line",
): Promise<string> {
  let content: string;
  let mode: number;
  try {
    mode = (await stat(path)).mode;
    content = await readFile(path, "utf8");
  } catch (error) {
    throw fileFault(`Cannot read ${path}`, error);
  }
  if (process.platform !== "win32" && (mode & OTHERS) !== 0) {
    throw new PassphraseError(`Others may read ${path}. Make it yours alone: chmod 600 ${path}`);
  }
  return part === "all" ? content : firstLine(content, path);
}

/**
 * A passphrase from a file, a terminal, where it is not shown, or standard input; never from an
 * argument or a variable, which other users of the machine can see.
 *
 * @param options.twice asks a person twice, as for a new one
 * @throws {PassphraseError}
 */
export async function askPassphrase(options: {
  readonly file: string | undefined;
  readonly twice: boolean;
}): Promise<string> {
  if (options.file !== undefined) return readSecretFile(options.file);
  if (!process.stdin.isTTY) return firstLine(await text(process.stdin), "standard input");
  const first = await askHidden("Passphrase: ");
  if (options.twice && (await askHidden("The same again: ")) !== first) {
    throw new PassphraseError("The two passphrases differ. Try again.");
  }
  if (first === "") throw new PassphraseError("No passphrase was given.");
  return first;
}

/** Asks on the error output, so that the answer of the command can go elsewhere. */
async function askHidden(question: string): Promise<string> {
  process.stderr.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  const cancelled = new AbortController();
  lines.once("SIGINT", () => cancelled.abort());
  lines.once("close", () => cancelled.abort());
  try {
    return await lines.question("", { signal: cancelled.signal });
  } catch {
    throw new PassphraseError("No passphrase was given.");
  } finally {
    lines.close();
    process.stderr.write("\n");
  }
}

function firstLine(content: string, source: string): string {
  const [line = ""] = content.split(/\r?\n/, 1);
  if (line === "")
    throw new PassphraseError(`There is no passphrase in the first line of ${source}.`);
  return line;
}
