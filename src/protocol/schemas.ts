import { LICENCE_STATUSES } from "../domain/status.ts";
import { MalformedTokenError } from "./malformed-token.ts";
import { plainWords } from "./plain-words.ts";
import { Compile, type Static, type TSchema, Type } from "./typebox.ts";

/** 32 bytes as canonical base64url: the last character carries only four bits. */
const BYTES_32 = "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$";
/** At least 128 bits as base64url. */
const NONCE = "^[A-Za-z0-9_-]{22,128}$";
const IDENTIFIER = "^[A-Za-z0-9][A-Za-z0-9._:+-]{0,63}$";
/** As the package has them, which also sorts as Debian sorts. */
const VERSION = "^\\d+\\.\\d+\\.\\d+$";
const CMID = "^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$";
/** Any text without control characters, which would let a client forge lines of a log or terminal. */
const PRINTABLE =
  "^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069]*$";
/** Seconds up to the year 5138: times past it would not fit milliseconds in a JSON number's safe range. */
const LATEST_SEC = 100_000_000_000;

const Seconds = (description: string) =>
  Type.Integer({ minimum: 0, maximum: LATEST_SEC, description: `${description}; NumericDate` });
const Thumbprint = (description: string) =>
  Type.String({ pattern: BYTES_32, description: `${description}; RFC 7638, SHA-256, base64url` });

/** Characters; one with the longest names has about 900. */
const LONGEST_LEASE = 4096;

/** Characters; one has about 500. */
export const LONGEST_PACKAGE_SIGNATURE = 4096;

export const GenerationSchema = Type.Integer({
  minimum: 1,
  maximum: LATEST_SEC,
  description: "Rises when the host is restored from a backup; 1 without it",
});

export const CmidSchema = Type.String({
  pattern: CMID,
  description: "CMID: UUIDv8 from the SHA-256 thumbprint of the client's public key, lower case",
});

export const ProductIdSchema = Type.String({
  pattern: IDENTIFIER,
  description: "Product id: 1 to 64 letters, digits and ._:+-",
});

export const PublicJwkSchema = Type.Object(
  {
    kty: Type.Literal("OKP"),
    crv: Type.Literal("Ed25519"),
    x: Type.String({ pattern: BYTES_32, description: "Public key, 32 bytes, base64url" }),
    // A private key sent by mistake must not travel further.
    d: Type.Optional(Type.Never()),
  },
  { description: "Public Ed25519 key (RFC 8037)" },
);

export const LicensedProductSchema = Type.Object({
  id: ProductIdSchema,
  name: Type.String({ minLength: 1, maxLength: 128, pattern: PRINTABLE }),
  application: Type.String({ pattern: IDENTIFIER }),
  threshold: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
});

export const LicenceHeaderSchema = Type.Object({
  kid: Thumbprint("Vendor key"),
  jwk: PublicJwkSchema,
});

export const LicenceClaimsSchema = Type.Object({
  iss: Type.String({ minLength: 1, maxLength: 128, pattern: PRINTABLE, description: "Vendor" }),
  sub: Thumbprint("Host key"),
  cnf: Type.Object({ jwk: PublicJwkSchema }),
  products: Type.Array(LicensedProductSchema, { minItems: 1, maxItems: 256 }),
  iat: Seconds("Issued"),
  nbf: Seconds("Valid from"),
  exp: Seconds("Valid until, not included"),
  jti: Type.String({ pattern: NONCE }),
});

export const PackageHeaderSchema = Type.Object({ kid: Thumbprint("Key that boxes trust") });

export const PackageClaimsSchema = Type.Object({
  sha256: Type.String({ pattern: BYTES_32, description: "Of the whole file, base64url" }),
  package: Type.Literal("kms-box"),
  version: Type.String({ pattern: VERSION, maxLength: 64 }),
  architecture: Type.String({ pattern: "^[a-z0-9]{1,16}$", description: "As Debian names it" }),
  iat: Seconds("Signed"),
});

export const RequestHeaderSchema = Type.Object({
  jwk: PublicJwkSchema,
  kid: Type.Optional(Thumbprint("Client key")),
});

export const RequestClaimsSchema = Type.Object({
  sub: CmidSchema,
  aud: Type.Literal("kms-host"),
  product: ProductIdSchema,
  iat: Seconds("Made by the client's clock"),
  jti: Type.String({ pattern: NONCE, description: "At least 128 random bits, base64url" }),
  device: Type.Object({
    hostname: Type.String({ minLength: 1, maxLength: 255, pattern: PRINTABLE }),
    fingerprint: Type.String({ pattern: "^[A-Za-z0-9_-]{16,88}$" }),
    agent: Type.String({ minLength: 1, maxLength: 128, pattern: PRINTABLE }),
  }),
  status: Type.Union(LICENCE_STATUSES.map((status) => Type.Literal(status))),
  remainingMinutes: Type.Integer({ minimum: 0, maximum: 1_000_000_000 }),
  lastLease: Type.Optional(
    Type.String({
      maxLength: LONGEST_LEASE,
      description: "The client's newest lease, if the generation in it is above 1",
    }),
  ),
});

export const LeaseHeaderSchema = Type.Object({ kid: Thumbprint("Host key") });

export const LeaseClaimsSchema = Type.Object({
  iss: Thumbprint("Host key"),
  sub: CmidSchema,
  cnf: Type.Object({ jkt: Thumbprint("Client key") }),
  product: ProductIdSchema,
  iat: Seconds("Issued"),
  exp: Seconds("Activated until, not included"),
  nonce: Type.String({ pattern: NONCE, description: "`jti` of the request" }),
  count: Type.Integer({ minimum: 0 }),
  threshold: Type.Integer({ minimum: 1 }),
  generation: Type.Optional(GenerationSchema),
});

/**
 * A check that returns the value with its type or says what is wrong with it.
 * Compiled at the first use, so that a program pays only for what it checks.
 */
export function checker<S extends TSchema>(schema: S, what: string): (value: unknown) => Static<S> {
  let compiled: ReturnType<typeof Compile<S>> | undefined;
  return (value) => {
    compiled ??= Compile(schema);
    if (compiled.Check(value)) return value as Static<S>;
    const [error] = compiled.Errors(value);
    const where = error?.instancePath ? `${what}${error.instancePath.replaceAll("/", ".")}` : what;
    const words = error ? plainWords(error, schema) : "is not of its schema";
    throw new MalformedTokenError(`${where} ${words}`);
  };
}
