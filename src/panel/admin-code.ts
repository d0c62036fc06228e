/**
 * Digits and letters that are not mistaken for one another on a small display or over the telephone:
 * neither 0 O Q nor 1 I L, and of 2 Z, 5 S and 8 B the digits only. Without vowels no word comes
 * about by accident.
 */
const ALPHABET = "23456789CDFGHJKMNPRTVWXY";
const LENGTH = 8;
const GROUP = 4;
/** Bytes from here on would make the first characters likelier than the others. */
const FAIR_BYTES = 256 - (256 % ALPHABET.length);

const CODE = new RegExp(`^[${ALPHABET}]{${LENGTH}}$`);

/** What a person may read in place of a character: none of them is in the alphabet. */
const MISREAD: Readonly<Record<string, string>> = { B: "8", S: "5", Z: "2" };

/**
 * A one-time administrator code of 8 characters out of 24, that is 36.7 bits: with five tries, one
 * chance in 22 thousand million.
 *
 * @param random bytes fit for keys
 * @returns undefined if too many of the bytes had to be passed over: take more
 */
export function adminCodeFrom(random: Uint8Array): string | undefined {
  const fair = [...random].filter((byte) => byte < FAIR_BYTES).slice(0, LENGTH);
  if (fair.length < LENGTH) return undefined;
  return fair.map((byte) => ALPHABET[byte % ALPHABET.length]).join("");
}

/** The code in groups, as it is shown: `7KM4-TXWC`. */
export function formatAdminCode(code: string): string {
  return `${code.slice(0, GROUP)}-${code.slice(GROUP)}`;
}

/**
 * The code that somebody typed, in upper case and without spaces and hyphens, with what is easily
 * misread put right; undefined if it cannot be one.
 */
export function readAdminCode(typed: string): string | undefined {
  const code = typed
    .toUpperCase()
    .replace(/[\s-]/g, "")
    .replace(/[BSZ]/g, (letter) => MISREAD[letter] ?? letter);
  return CODE.test(code) ? code : undefined;
}
