import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { isDurableFile, readIfThere, writeFileDurably } from "../../platform/durable-file.ts";
import { generatePrivateJwk, NodeEd25519Signer, parsePrivateJwk } from "../../platform/ed25519.ts";

/** Files of a vendor's key pair in its folder. */
export const VENDOR_KEY_FILE = "vendor.jwk";
export const VENDOR_PUBLIC_KEY_FILE = "vendor.pub.jwk";

/**
 * Makes a vendor's key pair: the private key for its owner only, the public key for everybody.
 *
 * @throws {NodeJS.ErrnoException} `EEXIST` if the folder holds a key already
 */
export async function createVendorKey(folder: string): Promise<NodeEd25519Signer> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, VENDOR_KEY_FILE);
  if ((await readIfThere(path)) !== undefined) {
    throw Object.assign(new Error(`${path} exists`), { code: "EEXIST" });
  }
  const jwk = await generatePrivateJwk();
  const signer = new NodeEd25519Signer(jwk);
  await writeFileDurably(path, `${JSON.stringify(jwk)}\n`, 0o600);
  const publicText = `${JSON.stringify({ ...signer.publicJwk, kid: signer.thumbprint })}\n`;
  await writeFileDurably(join(folder, VENDOR_PUBLIC_KEY_FILE), publicText, 0o644);
  return signer;
}

/** The vendor's key, or undefined if the folder holds none. */
export async function readVendorKey(folder: string): Promise<NodeEd25519Signer | undefined> {
  const path = join(folder, VENDOR_KEY_FILE);
  const text = await readIfThere(path);
  return text === undefined ? undefined : new NodeEd25519Signer(parsePrivateJwk(text, path));
}

/** Whether a file of that name is one of a vendor's, or what a power cut left of one. */
export function isVendorKeyFile(name: string): boolean {
  return isDurableFile(name, VENDOR_KEY_FILE) || isDurableFile(name, VENDOR_PUBLIC_KEY_FILE);
}
