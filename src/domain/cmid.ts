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
  const bytes = Array.from(digest.subarray(0, 16), (byte, i) => {
    if (i === 6) return (byte & 0x0f) | 0x80;
    if (i === 8) return (byte & 0x3f) | 0x80;
    return byte;
  });
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
