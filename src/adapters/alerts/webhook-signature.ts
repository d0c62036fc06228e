import { createHmac } from "node:crypto";

const PREFIX = "whsec_";

/** A secret as Standard Webhooks writes it, `whsec_` and base64; any other text is taken as it is. */
export function secretBytes(secret: string): Buffer {
  return secret.startsWith(PREFIX)
    ? Buffer.from(secret.slice(PREFIX.length), "base64")
    : Buffer.from(secret, "utf8");
}

/**
 * What says that a message is this box's and of this moment (Standard Webhooks, "Signature scheme"):
 * `v1,` and the base64 of the HMAC-SHA256 of id, time and body with dots between them.
 *
 * @param timestamp seconds since 1970
 */
export function webhookSignature(
  secret: string,
  { id, timestamp, body }: { id: string; timestamp: number; body: string },
): string {
  const mac = createHmac("sha256", secretBytes(secret)).update(`${id}.${timestamp}.${body}`);
  return `v1,${mac.digest("base64")}`;
}
