import { execFile } from "node:child_process";
import { userInfo } from "node:os";
import { promisify } from "node:util";
import {
  generatePrivateJwk,
  KeyUnreadableError,
  NodeEd25519Signer,
  parsePrivateJwk,
} from "../platform/ed25519.ts";
import { encodeBase64url } from "../protocol/base64url.ts";
import { ClientKeyError, StateDamagedError } from "./errors.ts";
import { isOtherMachine, takePrint } from "./fingerprint.ts";
import { readText, setAside, writeJson } from "./json-file.ts";
import type { MachineFile } from "./shapes.ts";
import type { StateFolder } from "./state-folder.ts";
import type { ClientSystem } from "./system.ts";

const SALT_BYTES = 16;

/** Who the client is: its key, and the machine that it was installed on. */
export interface ClientIdentity {
  readonly signer: NodeEd25519Signer;
  readonly fingerprint: string;
  /** The folder was made on another machine: a cloned or moved disk. */
  readonly onOtherMachine: boolean;
}

/**
 * The folder's identity; makes one where there is none. To be called under the folder's lock.
 *
 * @throws {ClientKeyError} the key is missing or unreadable though a client was installed.
 */
export async function openIdentity(
  folder: StateFolder,
  system: ClientSystem,
): Promise<ClientIdentity> {
  const machine = await readMachineOrSetAside(folder, system);
  const keyText = await readText(folder.keyPath);
  if (keyText === undefined) {
    if (machine === undefined) return makeIdentity(folder, system);
    throw new ClientKeyError(
      `The client's key ${folder.keyPath} is missing. Put it back, or run "kms-client rearm" to make a new identity.`,
    );
  }
  const signer = signerOf(keyText, folder.keyPath);
  if (machine?.clientKey.x !== signer.publicJwk.x) {
    const written = await writePrint(folder, system, signer, machine?.salt);
    return { signer, fingerprint: written.fingerprint, onOtherMachine: false };
  }
  const onOtherMachine = isOtherMachine(machine, await system.identifiers());
  return { signer, fingerprint: machine.fingerprint, onOtherMachine };
}

/** Makes a new identity in place of whatever is there. To be called under the folder's lock. */
export async function makeIdentity(
  folder: StateFolder,
  system: ClientSystem,
): Promise<ClientIdentity> {
  const jwk = await generatePrivateJwk();
  await writeJson(folder.keyPath, jwk, 0o600);
  if (process.platform === "win32") await restrictOnWindows(folder.keyPath);
  const signer = new NodeEd25519Signer(jwk);
  const { fingerprint } = await writePrint(folder, system, signer);
  return { signer, fingerprint, onOtherMachine: false };
}

/** Windows knows no file modes: only the system, administrators and this user may read the key. */
export async function restrictOnWindows(
  path: string,
  run: (program: string, args: string[]) => Promise<unknown> = promisify(execFile),
): Promise<void> {
  const grants = ["*S-1-5-18:F", "*S-1-5-32-544:F", `${userInfo().username}:F`];
  await run("icacls", [path, "/inheritance:r", ...grants.flatMap((grant) => ["/grant:r", grant])]);
}

async function writePrint(
  folder: StateFolder,
  system: ClientSystem,
  signer: NodeEd25519Signer,
  salt = encodeBase64url(system.randomBytes(SALT_BYTES)),
): Promise<MachineFile> {
  const print = takePrint(await system.identifiers(), salt);
  const machine: MachineFile = { schema: 1, ...print, clientKey: signer.publicJwk };
  await folder.writeMachine(machine);
  return machine;
}

async function readMachineOrSetAside(
  folder: StateFolder,
  system: ClientSystem,
): Promise<MachineFile | undefined> {
  try {
    return await folder.readMachine();
  } catch (error) {
    if (!(error instanceof StateDamagedError)) throw error;
    // Made anew from the key only: without the key, the client must not be taken for a new one.
    if ((await readText(folder.keyPath)) === undefined) throw error;
    await setAside(folder.machinePath, system.clock.nowMs());
    return undefined;
  }
}

function signerOf(text: string, path: string): NodeEd25519Signer {
  try {
    return new NodeEd25519Signer(parsePrivateJwk(text, path));
  } catch (cause) {
    if (!(cause instanceof KeyUnreadableError)) throw cause;
    throw new ClientKeyError(
      `${cause.message} Restore the file, or run "kms-client rearm" to make a new identity.`,
      { cause },
    );
  }
}
