import { plainName } from "../../domain/dns-names.ts";

const LONGEST_NAME = 253;
/** An octet as a zone file may have it (RFC 1035 section 5.1): itself, or escaped. */
const OCTET = /\\(\d{3})|\\(.)|(.)/gsu;
const PLAIN = /^[a-z0-9_-]$/;
const LABEL = String.raw`(?:[a-z0-9_-]|\\(?:[01]\d\d|2[0-4]\d|25[0-5])){1,252}`;
const SAFE_NAME = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`);

/**
 * A name that somebody else chose, as dig prints it, in one form: lower case, without a final dot, and
 * with every octet that is no letter, digit, hyphen or underscore as `\DDD`, so that none of them means
 * anything in a line. Empty for the root.
 */
export function foreignName(printed: string): string {
  const octets = [...printed.matchAll(OCTET)].map(([, digits, escaped, itself]) => {
    if (itself === ".") return ".";
    if (digits !== undefined) return Number(digits);
    return (escaped ?? itself)?.codePointAt(0) ?? 0;
  });
  const parts = octets.map((octet) => (typeof octet === "string" ? octet : octetText(octet)));
  return plainName(parts.join(""));
}

/** Whether a name has the form that {@link foreignName} gives it, and is no longer than names are. */
export function isSafeName(name: string): boolean {
  return SAFE_NAME.test(name) && name.replace(/\\\d{3}/g, "x").length <= LONGEST_NAME;
}

function octetText(octet: number): string {
  const text = String.fromCodePoint(octet).toLowerCase();
  return PLAIN.test(text) ? text : `\\${String(octet).padStart(3, "0")}`;
}
