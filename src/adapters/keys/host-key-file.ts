import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeFileDurably } from "../../platform/durable-file.ts";
import { generatePrivateJwk, NodeEd25519Signer, parsePrivateJwk } from "../../platform/ed25519.ts";

const FILE = "host.jwk";

/**
 * The host's key from its file in the state folder; made at the first start.
 *
 * @throws {KeyUnreadableError} the file is damaged. It is never replaced by itself: every lease and
 *   licence of this host hangs on it.
 */
export async function openHostKey(folder: string): Promise<NodeEd25519Signer> {
  const path = join(folder, FILE);
  const stored = await readIfThere(path);
  if (stored !== undefined) return new NodeEd25519Signer(parsePrivateJwk(stored, path));
  const made = await generatePrivateJwk();
  await writeFileDurably(path, `${JSON.stringify(made)}\n`, 0o600);
  return new NodeEd25519Signer(made);
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
