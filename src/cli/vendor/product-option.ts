import type { LicensedProduct } from "../../domain/claims.ts";
import { DEFAULT_POLICY } from "../../domain/policy.ts";
import { checker, LicensedProductSchema } from "../../protocol/schemas.ts";
import { UsageError } from "../support/run-program.ts";

const MEMBERS = ["id", "name", "application", "threshold"] as const;
type Member = (typeof MEMBERS)[number];

/** A comma inside a name does not end it; one before the next member does. */
const SEPARATOR = new RegExp(`,(?=(?:${MEMBERS.join("|")})=)`);
const check = checker(LicensedProductSchema, "product");

/**
 * Reads `id=…,name=…,application=…,threshold=N`; the threshold may be left out.
 *
 * @throws {UsageError}
 */
export function parseProduct(text: string): LicensedProduct {
  const members = new Map<Member, string>();
  for (const part of text.split(SEPARATOR)) {
    const at = part.indexOf("=");
    const name = MEMBERS.find((member) => member === part.slice(0, at));
    if (!name) throw wrong(text, `"${part}" is none of ${MEMBERS.join("=…, ")}=…`);
    if (members.has(name)) throw wrong(text, `${name} stands there twice`);
    members.set(name, part.slice(at + 1));
  }
  const missing = MEMBERS.filter((name) => name !== "threshold" && !members.get(name));
  if (missing.length > 0) throw wrong(text, `${missing.join(" and ")} must be given`);
  return checked(text, {
    id: members.get("id"),
    name: members.get("name"),
    application: members.get("application"),
    threshold: thresholdOf(text, members.get("threshold")),
  });
}

function thresholdOf(text: string, value: string | undefined): number {
  if (value === undefined) return DEFAULT_POLICY.activationThreshold;
  if (!/^\d{1,7}$/.test(value)) throw wrong(text, "threshold must be a whole number");
  return Number(value);
}

function checked(text: string, product: unknown): LicensedProduct {
  try {
    return check(product);
  } catch (error) {
    throw wrong(
      text,
      `${(error as Error).message} (ids are letters, digits and ._:+-, the threshold is 1 to 1000000)`,
    );
  }
}

function wrong(text: string, why: string): UsageError {
  return new UsageError(
    `--product "${text}": ${why}. Write it like ` +
      `--product "id=acme-cad,name=ACME CAD,application=acme,threshold=25".`,
  );
}
