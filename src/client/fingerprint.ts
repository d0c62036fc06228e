import { sha256 } from "../platform/ed25519.ts";
import { encodeBase64url } from "../protocol/base64url.ts";
import type { MachineIdentifiers } from "./machine.ts";

/** The machine as a state folder knows it: salted hashes only. */
export interface MachinePrint {
  /** Made at install, base64url, so that two folders' hashes cannot be matched with each other. */
  readonly salt: string;
  /** What the host is told as `device.fingerprint`. */
  readonly fingerprint: string;
  readonly identifiers: MachineIdentifiers;
}

export function takePrint(identifiers: MachineIdentifiers, salt: string): MachinePrint {
  const hashed = hashAll(identifiers, salt);
  const all = [...hashed.hardware, ...hashed.os, ...hashed.network].join(",");
  return { salt, fingerprint: saltedHash(all, salt), identifiers: hashed };
}

/**
 * Whether a folder's print was taken on another machine.
 *
 * Identifiers are held against each other by kind, since not every user can read every kind. The
 * hardware's number decides where it is known both then and now; where it is not, adapters do, of which one
 * must still be there. A different operating system's number always means another machine.
 */
export function isOtherMachine(print: MachinePrint, now: MachineIdentifiers): boolean {
  const then = print.identifiers;
  const { hardware, os, network } = hashAll(now, print.salt);
  if (known(then.os, os) && !share(then.os, os)) return true;
  if (known(then.hardware, hardware)) return !share(then.hardware, hardware);
  return known(then.network, network) && !share(then.network, network);
}

function hashAll(identifiers: MachineIdentifiers, salt: string): MachineIdentifiers {
  const hashed = (values: readonly string[]) => values.map((value) => saltedHash(value, salt));
  return {
    hardware: hashed(identifiers.hardware),
    os: hashed(identifiers.os),
    network: hashed(identifiers.network),
  };
}

function known(then: readonly string[], now: readonly string[]): boolean {
  return then.length > 0 && now.length > 0;
}

function share(then: readonly string[], now: readonly string[]): boolean {
  return then.some((value) => now.includes(value));
}

function saltedHash(value: string, salt: string): string {
  return encodeBase64url(sha256(Buffer.from(`${salt}\n${value}`, "utf8")));
}
