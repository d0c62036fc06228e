import { decodeBase64url, encodeBase64url } from "./base64url.ts";
import { MalformedTokenError } from "./malformed-token.ts";

/** Accepted on input; `Ed25519` (RFC 9864) is what is written. */
const ALGORITHMS = ["Ed25519", "EdDSA"];
const SIGNATURE_BYTES = 64;

/** A signed object taken apart, its signature not yet checked. */
export interface OpenedJws {
  readonly header: Record<string, unknown>;
  readonly claims: Record<string, unknown>;
  /** What was signed (RFC 7515 section 5.2 step 8). */
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
}

/**
 * Takes a compact JWS apart and checks its form, `typ` and `alg`. Costs no cryptography.
 *
 * @throws {MalformedTokenError}
 */
export function openJws(token: string, typ: string): OpenedJws {
  const parts = token.split(".", 4);
  const [head, body, tail] = parts;
  if (parts.length !== 3 || !head || !body || !tail) {
    throw new MalformedTokenError("not a compact JWS of three parts");
  }
  const header = jsonObject(head, "header");
  if (header.typ !== typ) throw new MalformedTokenError(`the header's typ must be ${typ}`);
  if (typeof header.alg !== "string" || !ALGORITHMS.includes(header.alg)) {
    throw new MalformedTokenError(`the header's alg must be one of ${ALGORITHMS.join(", ")}`);
  }
  // RFC 7515 section 4.1.11: extensions that are not understood must be refused.
  if ("crit" in header) throw new MalformedTokenError("the header's crit is not supported");
  const signature = decodeBase64url(tail);
  if (signature?.length !== SIGNATURE_BYTES) {
    throw new MalformedTokenError("the signature is not 64 bytes of base64url");
  }
  const signed = Buffer.from(token.slice(0, head.length + 1 + body.length), "latin1");
  return { header, claims: jsonObject(body, "payload"), signed, signature };
}

function jsonObject(part: string, name: string): Record<string, unknown> {
  const bytes = decodeBase64url(part);
  if (!bytes) throw new MalformedTokenError(`the ${name} is not base64url`);
  const value = parseJson(bytes, name);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new MalformedTokenError(`the ${name} is not a JSON object`);
  }
  return value as Record<string, unknown>;
}

/** Bytes that are not UTF-8 show as replacement characters, which no text of this protocol needs. */
function parseJson(bytes: Uint8Array, name: string): unknown {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  if (text.includes("\ufffd")) throw new MalformedTokenError(`the ${name} is not UTF-8`);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new MalformedTokenError(`the ${name} is not JSON`, { cause });
  }
}

/** The first two parts of a compact JWS: what is to be signed. */
export function signingInput(header: object, claims: object): string {
  return `${encodePart(header)}.${encodePart(claims)}`;
}

/** Makes a compact JWS with any signer. */
export async function makeJws(
  header: object,
  claims: object,
  sign: (data: Uint8Array) => Promise<Uint8Array>,
): Promise<string> {
  const input = signingInput(header, claims);
  const signature = await sign(Buffer.from(input, "latin1"));
  return `${input}.${encodeBase64url(signature)}`;
}

function encodePart(value: object): string {
  return Buffer.from(JSON.stringify(value), "utf8").toString("base64url");
}
