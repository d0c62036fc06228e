import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { DnsFailedError } from "../../ports/dns.ts";
import { requireFile } from "./key-file.ts";

/**
 * The principal to be if none is named: a service's key is seldom one that may write in DNS.
 *
 * @throws {DnsFailedError} `key-unusable`: there is none
 */
export function usualPrincipal(principals: readonly string[], keytab: string): string {
  const usual =
    principals.find((name) => !name.includes("/")) ??
    principals.find((name) => !/^host\//i.test(name)) ??
    principals[0];
  if (usual !== undefined) return usual;
  throw new DnsFailedError("key-unusable", `The keytab ${keytab} is empty: export it anew.`);
}

/**
 * Kerberos' own messages do not tell a missing keytab from a forbidden one in every release.
 *
 * @throws {DnsFailedError} `key-unusable`
 */
export async function requireReadable(keytab: string): Promise<void> {
  await requireFile(keytab, "keytab");
  try {
    await access(keytab, constants.R_OK);
  } catch (cause) {
    const text = `The keytab ${keytab} may not be read by the user that the box runs as: chown it.`;
    throw new DnsFailedError("key-unusable", text, { cause });
  }
}
