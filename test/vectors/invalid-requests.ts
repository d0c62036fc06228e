import { encodeBase64url } from "../../src/protocol/base64url.ts";
import { makeJws } from "../../src/protocol/jws.ts";
import type { ProblemName } from "../../src/protocol/problems.ts";
import { privateJwkOf } from "../support/keys.ts";
import { client, NOW, REQUEST, requestToken, stranger } from "./subjects.ts";

interface InvalidRequest {
  readonly name: string;
  readonly problem: ProblemName;
  readonly token: string;
}

const sign = (data: Uint8Array) => client.sign(data);
const FRESH = { ...REQUEST, iat: NOW + 1, jti: "ZnJlc2gtcmVxdWVzdC0tLS0" };

/** Requests with one fault each, as the host finds them in its order of precedence. */
export async function invalidRequests(): Promise<InvalidRequest[]> {
  return [
    ...(await wrongForms()),
    ...(await wrongHeaders()),
    ...(await wrongClaims()),
    ...(await wrongElsewhere()),
  ];
}

function header(changes: object = {}) {
  return { typ: "kms-request+jwt", alg: "Ed25519", jwk: client.publicJwk, ...changes };
}

async function wrongForms(): Promise<InvalidRequest[]> {
  const token = await makeJws(header(), FRESH, sign);
  const [head = "", body = "", tail = ""] = token.split(".");
  const forms: [string, string][] = [
    ["two parts", `${head}.${body}`],
    ["four parts", `${token}.${tail}`],
    ["an empty signature", `${head}.${body}.`],
    ["a padded part", `${head}.${body}=.${tail}`],
    ["the alphabet of base64", `${head}.${body}.${standardAlphabet(tail)}`],
    ["a last character with bits that are not zero", `${head}.${body}.${otherLastBits(tail)}`],
    ["a line end after it", `${token}\n`],
    ["a header that is no JSON", `${encode("{")}.${body}.${tail}`],
    ["a payload that is a list", `${head}.${encode("[]")}.${tail}`],
    ["a payload that is no UTF-8", `${head}.${encodeBase64url(Uint8Array.of(0xff))}.${tail}`],
    ["a signature of 63 bytes", `${head}.${body}.${encodeBase64url(new Uint8Array(63))}`],
  ];
  return forms.map(([name, text]) => ({ name, problem: "malformed-request", token: text }));
}

async function wrongHeaders(): Promise<InvalidRequest[]> {
  const hasPrivateKey = { ...client.publicJwk, d: privateJwkOf("vector client").d };
  const headers: [string, object][] = [
    ["typ JWT", header({ typ: "JWT" })],
    ["the typ of a lease", header({ typ: "kms-lease+jwt" })],
    ["no typ", header({ typ: undefined })],
    ["alg none", header({ alg: "none" })],
    ["alg HS256", header({ alg: "HS256" })],
    ["no alg", header({ alg: undefined })],
    ["an extension", header({ crit: ["b64"], b64: true })],
    ["no key", header({ jwk: undefined })],
    ["a private key", header({ jwk: hasPrivateKey })],
    ["a key of another curve", header({ jwk: { ...client.publicJwk, crv: "X25519" } })],
    ["a key that is too short", header({ jwk: { ...client.publicJwk, x: "AAAA" } })],
  ];
  return Promise.all(
    headers.map(async ([name, value]) => ({
      name: `a header with ${name}`,
      problem: "malformed-request" as const,
      token: await makeJws(value, FRESH, sign),
    })),
  );
}

async function wrongClaims(): Promise<InvalidRequest[]> {
  const { device } = FRESH;
  const missing = Object.keys(FRESH).map((name): [string, object] => [
    `without ${name}`,
    { ...FRESH, [name]: undefined },
  ]);
  const missingOfDevice = Object.keys(device).map((name): [string, object] => [
    `without device.${name}`,
    { ...FRESH, device: { ...device, [name]: undefined } },
  ]);
  const wrong: [string, object][] = [
    ["with a CMID in capitals", { ...FRESH, sub: FRESH.sub.toUpperCase() }],
    ["for another audience", { ...FRESH, aud: "somebody" }],
    ["with iat as a fraction", { ...FRESH, iat: FRESH.iat + 0.5 }],
    ["with iat as text", { ...FRESH, iat: String(FRESH.iat) }],
    ["with a jti of 21 characters", { ...FRESH, jti: "a".repeat(21) }],
    ["with a jti of 129 characters", { ...FRESH, jti: "a".repeat(129) }],
    ["with a line end in the host name", { ...FRESH, device: { ...device, hostname: "a\nb" } }],
    ["with a host name of 256", { ...FRESH, device: { ...device, hostname: "a".repeat(256) } }],
    ["with a status that is none", { ...FRESH, status: "expired" }],
    ["with negative remainingMinutes", { ...FRESH, remainingMinutes: -1 }],
    ["with a product id of two words", { ...FRESH, product: "writer 5" }],
  ];
  return Promise.all(
    [...missing, ...missingOfDevice, ...wrong].map(async ([name, claims]) => ({
      name,
      problem: "malformed-request" as const,
      token: await makeJws(header(), claims, sign),
    })),
  );
}

async function wrongElsewhere(): Promise<InvalidRequest[]> {
  const token = await makeJws(header(), FRESH, sign);
  const make = (claims: object, head: object = header()) => makeJws(head, claims, sign);
  const strangers = header({ jwk: stranger.publicJwk });
  return [
    [
      "a product that no licence covers",
      "product-not-licensed",
      await make({ ...FRESH, product: "writer-6" }),
    ],
    ["a clock over four hours behind", "clock-skew", await make({ ...FRESH, iat: NOW - 14_401 })],
    ["a clock over four hours ahead", "clock-skew", await make({ ...FRESH, iat: NOW + 14_401 })],
    ["the CMID of another key", "bad-signature", await make({ ...FRESH, sub: stranger.cmid })],
    ["the key of another client", "bad-signature", await make(FRESH, strangers)],
    [
      "the name of another key",
      "bad-signature",
      await make(FRESH, header({ kid: stranger.thumbprint })),
    ],
    ["a signature with one bit flipped", "bad-signature", flippedSignature(token)],
    ["a payload that was changed", "bad-signature", await otherPayload(token)],
    [
      "a signature of another key",
      "bad-signature",
      await makeJws(header(), FRESH, (data) => stranger.sign(data)),
    ],
    ["a request sent twice", "replayed-request", await requestToken()],
    ["a request older than the last", "replayed-request", await make({ ...FRESH, iat: NOW - 1 })],
    [
      "a jti that was used, in a later second",
      "replayed-request",
      await make({ ...FRESH, jti: REQUEST.jti }),
    ],
    [
      "a jti that begins like one used",
      "replayed-request",
      await make({ ...FRESH, jti: `${REQUEST.jti.slice(0, 22)}more` }),
    ],
  ].map(([name = "", problem, text = ""]) => ({
    name,
    problem: problem as ProblemName,
    token: text,
  }));
}

function encode(text: string): string {
  return Buffer.from(text, "utf8").toString("base64url");
}

/** The same bytes with `+` or `/` somewhere. */
function standardAlphabet(part: string): string {
  return part.replace("-", "+").replace("_", "/");
}

/** Another text that a careless decoder takes for the same bytes. */
function otherLastBits(part: string): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const last = letters.indexOf(part.at(-1) ?? "");
  return `${part.slice(0, -1)}${letters[last + 1]}`;
}

function flippedSignature(token: string): string {
  const cut = token.lastIndexOf(".") + 1;
  const signature = Buffer.from(token.slice(cut), "base64url");
  signature[0] = (signature[0] ?? 0) ^ 1;
  return `${token.slice(0, cut)}${encodeBase64url(signature)}`;
}

async function otherPayload(token: string): Promise<string> {
  const [head, , tail] = token.split(".");
  const [, body] = (await makeJws(header(), { ...FRESH, remainingMinutes: 1 }, sign)).split(".");
  return `${head}.${body}.${tail}`;
}
