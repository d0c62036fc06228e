import { DnsFailedError } from "../../ports/dns.ts";
import { TSIG_ALGORITHMS, type TsigKey } from "../../ports/dns-keys.ts";
import { readKeyFile } from "./key-file.ts";

const READABLE_BY_OTHERS = 0o004;
/** Or a text in quotes, in which nothing is a comment: a secret may have two slashes. */
const COMMENTS = /("[^"\n]*")|\/\*[\s\S]*?\*\/|(?:\/\/|#).*$/gm;
const KEY =
  /^\s*key\s+"?([A-Za-z0-9._-]+)"?\s*\{\s*algorithm\s+"?([A-Za-z0-9-]+)\.?"?\s*;\s*secret\s+"?([A-Za-z0-9+/=\s]+)"?\s*;\s*\}\s*;?\s*$/i;

/**
 * Checks a key file as tsig-keygen writes it, before nsupdate reads it: that it holds one key of a
 * strong algorithm and is not everybody's to read.
 *
 * @returns the key's name
 * @throws {DnsFailedError} `key-unusable`
 */
export async function checkTsigKeyFile(path: string): Promise<string> {
  const { text, mode } = await readKeyFile(path, "key file");
  if ((mode & READABLE_BY_OTHERS) !== 0) {
    throw unusable(`Everybody can read the key file ${path}: take that away by chmod o= ${path}`);
  }
  const [, name, algorithm = ""] = KEY.exec(text.replace(COMMENTS, "$1")) ?? [];
  if (name === undefined) {
    throw unusable(`${path} is no TSIG key file: make one by tsig-keygen -a hmac-sha256 NAME`);
  }
  if (!isStrong(algorithm.toLowerCase())) {
    throw unusable(
      `The key in ${path} uses ${algorithm}, which is too weak or unknown: make one of ` +
        `${TSIG_ALGORITHMS.join(", ")}`,
    );
  }
  return name;
}

/** The key in a text of that form; undefined if it is none, or of a weak algorithm. */
export function parseTsigKey(text: string): TsigKey | undefined {
  const [, name, written = "", secret = ""] = KEY.exec(text.replace(COMMENTS, "$1")) ?? [];
  const algorithm = written.toLowerCase();
  if (name === undefined || !isStrong(algorithm)) return undefined;
  return { name, algorithm, secret: secret.replaceAll(/\s/g, "") };
}

function isStrong(algorithm: string): algorithm is TsigKey["algorithm"] {
  return (TSIG_ALGORITHMS as readonly string[]).includes(algorithm);
}

function unusable(message: string): DnsFailedError {
  return new DnsFailedError("key-unusable", `${message}.`);
}
