import { open } from "node:fs/promises";
import { DnsFailedError } from "../../ports/dns.ts";

/** Those that RFC 8945 section 6 still wants, without the truncated ones. */
const ALGORITHMS = ["hmac-sha256", "hmac-sha384", "hmac-sha512"];
const READABLE_BY_OTHERS = 0o004;
const COMMENTS = /\/\*[\s\S]*?\*\/|(?:\/\/|#).*$/gm;
const KEY =
  /^\s*key\s+"?([A-Za-z0-9._-]+)"?\s*\{\s*algorithm\s+"?([A-Za-z0-9-]+)\.?"?\s*;\s*secret\s+"?[A-Za-z0-9+/=\s]+"?\s*;\s*\}\s*;?\s*$/i;

/**
 * Checks a key file as tsig-keygen writes it, before nsupdate reads it: that it holds one key of a
 * strong algorithm and is not everybody's to read.
 *
 * @returns the key's name
 * @throws {DnsFailedError} `key-unusable`
 */
export async function checkTsigKeyFile(path: string): Promise<string> {
  const { text, mode } = await read(path);
  if ((mode & READABLE_BY_OTHERS) !== 0) {
    throw unusable(`Everybody can read the key file ${path}: take that away by chmod o= ${path}`);
  }
  const [, name, algorithm = ""] = KEY.exec(text.replace(COMMENTS, "")) ?? [];
  if (name === undefined) {
    throw unusable(`${path} is no TSIG key file: make one by tsig-keygen -a hmac-sha256 NAME`);
  }
  if (!ALGORITHMS.includes(algorithm.toLowerCase())) {
    throw unusable(
      `The key in ${path} uses ${algorithm}, which is too weak or unknown: make one of ` +
        `${ALGORITHMS.join(", ")}`,
    );
  }
  return name;
}

async function read(path: string): Promise<{ text: string; mode: number }> {
  try {
    const file = await open(path);
    try {
      return { text: await file.readFile("utf8"), mode: (await file.stat()).mode };
    } finally {
      await file.close();
    }
  } catch (cause) {
    const { code = "failed" } = cause as NodeJS.ErrnoException;
    throw unusable(`The key file ${path} cannot be read (${code})`, cause);
  }
}

function unusable(message: string, cause?: unknown): DnsFailedError {
  return new DnsFailedError("key-unusable", `${message}.`, { cause });
}
