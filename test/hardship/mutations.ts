/** Randomness that can be repeated from its seed (mulberry32). */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** A number in [0, 1). */
  roll(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  below(end: number): number {
    return Math.floor(this.roll() * end);
  }

  pick<T>(values: readonly T[]): T {
    const value = values[this.below(values.length)];
    if (value === undefined) throw new Error("nothing to pick from");
    return value;
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)));
  }
}

const ODD_VALUES: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1.5, 1e308, 2 ** 53, "", " ", "\u0000", "a".repeat(300)],
  ...["../../etc/passwd", "'; DROP TABLE", "\ud800", "🖥", [], {}, [[[]]], { a: { b: {} } }],
  ...["__proto__", "constructor", "kms-host", ["kms-host"]],
];
const BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/. \r\n\u00ff";

/** A token that is not as it was signed. */
export function mutateToken(token: string, dice: Dice): string {
  const change = dice.pick(TOKEN_CHANGES);
  const changed = change(token, dice);
  return changed === token ? `${token}A` : changed;
}

const TOKEN_CHANGES: readonly ((token: string, dice: Dice) => string)[] = [
  (token, dice) => splice(token, dice, 1, BASE64URL.charAt(dice.below(BASE64URL.length))),
  (token, dice) => splice(token, dice, dice.below(40), ""),
  (token, dice) => splice(token, dice, 0, dice.bytes(dice.below(64)).toString("latin1")),
  (token, dice) => token.slice(0, dice.below(token.length)),
  (token, dice) => token.split(".").slice(0, dice.below(3)).join("."),
  (token) => token.split(".").reverse().join("."),
  (token, dice) => `${token}.${token.slice(dice.below(token.length))}`,
  (token, dice) => mutatePart(token, 0, dice),
  (token, dice) => mutatePart(token, 1, dice),
  (token, dice) => mutatePart(token, 1, dice),
  (token, dice) => replacePart(token, 2, dice.bytes(64).toString("base64url")),
  (token, dice) => replacePart(token, dice.below(3), "x".repeat(dice.below(9000))),
  (_token, dice) => dice.bytes(dice.below(9000)).toString("latin1"),
];

function splice(text: string, dice: Dice, removed: number, inserted: string): string {
  const at = dice.below(text.length);
  return text.slice(0, at) + inserted + text.slice(at + removed);
}

/** Changes one member of the JSON in the header or the payload, and leaves the signature. */
function mutatePart(token: string, index: number, dice: Dice): string {
  const part = token.split(".")[index] ?? "";
  const value = JSON.parse(Buffer.from(part, "base64url").toString()) as Record<string, unknown>;
  const changed = mutateObject(value, dice);
  return replacePart(token, index, Buffer.from(JSON.stringify(changed)).toString("base64url"));
}

/** The object with one member, at any depth, changed, added or taken away. */
export function mutateObject(value: Record<string, unknown>, dice: Dice): Record<string, unknown> {
  const copy = { ...value };
  const key = dice.pick(Object.keys(copy));
  const inner = copy[key];
  if (typeof inner === "object" && inner !== null && dice.roll() < 0.7) {
    copy[key] = mutateObject(inner as Record<string, unknown>, dice);
    return copy;
  }
  switch (dice.below(3)) {
    case 0:
      delete copy[key];
      return copy;
    case 1:
      copy[key] = dice.pick(ODD_VALUES);
      return copy;
    default:
      copy[String(dice.pick(ODD_VALUES))] = dice.pick(ODD_VALUES);
      delete copy[key];
      return copy;
  }
}

function replacePart(token: string, index: number, part: string): string {
  return token
    .split(".")
    .map((old, i) => (i === index ? part : old))
    .join(".");
}

/** What a connection may send that is no request of any client. */
export function hostileBytes(token: string, dice: Dice): Buffer {
  return Buffer.from(dice.pick(CONNECTIONS)(token, dice), "latin1");
}

const POST = "POST /v1/activations HTTP/1.1\r\nHost: x\r\n";
const JOSE = "Content-Type: application/jose\r\n";

const CONNECTIONS: readonly ((token: string, dice: Dice) => string)[] = [
  (_token, dice) => dice.bytes(1 + dice.below(2000)).toString("latin1"),
  (_token, dice) => `\u0005\u0000\u000b\u0003${dice.bytes(dice.below(80)).toString("latin1")}`,
  (_token, dice) => `\u0016\u0003\u0001${dice.bytes(dice.below(300)).toString("latin1")}`,
  (token, dice) => `${POST}${JOSE}Content-Length: ${dice.below(20_000)}\r\n\r\n${token}`,
  (token) => `${POST}${JOSE}Content-Length: -1\r\n\r\n${token}`,
  (token) => `${POST}${JOSE}Content-Length: 5\r\nContent-Length: 6\r\n\r\n${token}`,
  (token) => `${POST}${JOSE}Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n${token}`,
  (_token, dice) =>
    `${POST}${JOSE}Transfer-Encoding: chunked\r\n\r\n${dice.below(9999)}\r\nabc\r\n`,
  (token, dice) => `${POST}Content-Type: ${dice.pick(TYPES)}\r\nContent-Length: 9\r\n\r\n${token}`,
  (_token, dice) => `${POST}${JOSE}Content-Length: 9000\r\n\r\n${"a".repeat(dice.below(9000))}`,
  (_token, dice) => `${dice.pick(METHODS)} ${dice.pick(PATHS)} HTTP/1.1\r\nHost: x\r\n\r\n`,
  (_token, dice) => `GET / HTTP/${dice.below(10)}.${dice.below(10)}\r\n\r\n`,
  (_token, dice) => `GET / HTTP/1.1\r\n${"X: y\r\n".repeat(dice.below(3000))}\r\n`,
  (_token, dice) => `GET /${"a".repeat(dice.below(20_000))} HTTP/1.1\r\nHost: x\r\n\r\n`,
  (token, dice) => (POST + JOSE + token).slice(0, dice.below(300)),
  (_token, dice) => `GET /v1/host HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(1 + dice.below(20)),
];
const TYPES = ["application/json", "text/plain", "", ";", "application/jose; charset=x", "a/b/c"];
const METHODS = [
  "GET",
  "PUT",
  "DELETE",
  "HEAD",
  "OPTIONS",
  "TRACE",
  "PATCH",
  "CONNECT",
  "FOO",
  "PRI",
];
const PATHS = [
  "/",
  "*",
  "//",
  "/v1",
  "/v1/host?a=b",
  "/v1/%00",
  "/%2e%2e/",
  "http://x/",
  "/v1/activations",
  "/api/v1/status",
];
