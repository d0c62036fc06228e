/**
 * The string whose SHA-256 is the thumbprint of an Ed25519 public key (RFC 7638 section 3, RFC 8037
 * section 2).
 *
 * @param x the public key, 32 bytes as base64url
 */
export function thumbprintInput(x: string): string {
  return `{"crv":"Ed25519","kty":"OKP","x":"${x}"}`;
}

/**
 * The CMID that belongs to a key: the first 16 bytes of the digest of its thumbprint input as a
 * UUID of version 8 (RFC 9562 section 5.8), in lower case.
 */
export function cmidFromDigest(digest: Uint8Array): string {
  let cmid = "";
  for (let i = 0; i < 16; i++) {
    const byte = digest[i] ?? 0;
    if (i === 4 || i === 6 || i === 8 || i === 10) cmid += "-";
    if (i === 6) cmid += HEX[(byte & 0x0f) | 0x80];
    else if (i === 8) cmid += HEX[(byte & 0x3f) | 0x80];
    else cmid += HEX[byte];
  }
  return cmid;
}

/** Two digits for each byte: this runs for every request, and the table is four times as fast. */
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
