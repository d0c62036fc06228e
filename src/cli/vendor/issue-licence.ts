import { randomBytes } from "node:crypto";
import type { LicenceClaims, LicensedProduct } from "../../domain/claims.ts";
import { DAY_MS, HOUR_MS, SECOND_MS } from "../../domain/units.ts";
import { writeFileDurably } from "../../platform/durable-file.ts";
import { encodeBase64url } from "../../protocol/base64url.ts";
import { makeLicence } from "../../protocol/licence.ts";
import { formatTime } from "../support/dates.ts";
import { fileFault } from "../support/files.ts";
import { print, remark } from "../support/lines.ts";
import { printJson } from "../support/output.ts";
import { UsageError } from "../support/run-program.ts";
import { type HostKey, readHostKey } from "./host-key.ts";
import { parseProduct } from "./product-option.ts";
import { checkName, openVendor, type Vendor } from "./vendor-folder.ts";

const NONCE_BYTES = 16;
const MOST_DAYS = 36_500;
/** A host whose clock is a little behind must be able to install its licence at once. */
const BACKDATED_MS = HOUR_MS;

/** As commander gives them. */
export interface IssueFlags {
  readonly dir: string;
  readonly hostKey: string;
  readonly product: readonly string[];
  readonly days: string;
  readonly from?: string;
  readonly name?: string;
  readonly out?: string;
  readonly json?: boolean;
}

/** What is to be signed, read from the flags. */
interface Order {
  readonly products: readonly LicensedProduct[];
  readonly days: number;
  /** Null for now. */
  readonly fromMs: number | null;
}

/** @throws {UsageError} an option cannot be used; nothing was signed */
export async function issueLicence(flags: IssueFlags): Promise<void> {
  if (flags.name !== undefined) checkName(flags.name);
  const order = orderOf(flags);
  const vendor = await openVendor(flags.dir);
  const host = await readHostKey(flags.hostKey);
  const claims = claimsFor({ ...vendor, name: flags.name ?? vendor.name }, host, order);
  const { signer } = vendor;
  const token = await makeLicence(claims, signer, (data) => signer.sign(data));
  if (flags.out !== undefined) await writeLicence(flags.out, token);
  tell(flags, claims, signer.thumbprint, token);
}

function orderOf({ product, days, from }: IssueFlags): Order {
  const products = product.map(parseProduct);
  const ids = products.map(({ id }) => id);
  const twice = ids.find((id, i) => ids.indexOf(id) !== i);
  if (twice !== undefined) throw new UsageError(`--product: "${twice}" stands there twice.`);
  return { products, days: parseDays(days), fromMs: from === undefined ? null : parseDate(from) };
}

function claimsFor(vendor: Vendor, host: HostKey, order: Order): LicenceClaims {
  const nowMs = Date.now();
  const beginsMs = order.fromMs ?? nowMs;
  const seconds = (timeMs: number) => Math.floor(timeMs / SECOND_MS);
  return {
    iss: vendor.name,
    sub: host.thumbprint,
    cnf: { jwk: host.publicJwk },
    products: order.products,
    iat: seconds(nowMs),
    nbf: seconds(order.fromMs ?? nowMs - BACKDATED_MS),
    exp: seconds(beginsMs + order.days * DAY_MS),
    jti: encodeBase64url(randomBytes(NONCE_BYTES)),
  };
}

async function writeLicence(path: string, token: string): Promise<void> {
  try {
    await writeFileDurably(path, `${token}\n`, 0o644);
  } catch (error) {
    throw fileFault(`Cannot write ${path}`, error);
  }
}

function tell(flags: IssueFlags, claims: LicenceClaims, vendorThumbprint: string, token: string) {
  if (flags.json) {
    const file = flags.out ?? null;
    return printJson({ file, licence: token, vendorThumbprint, claims });
  }
  const until = formatTime(claims.exp * SECOND_MS);
  const what = `Licence of "${claims.iss}" for the host ${claims.sub}, valid until ${until}`;
  if (flags.out === undefined) {
    print(token);
    remark(`${what}.`);
  } else {
    print(`${what}: ${flags.out}`, `Install it there by: kms-box licence install ${flags.out}`);
  }
}

function parseDays(text: string): number {
  const days = Number(text);
  if (!/^\d+$/.test(text) || days < 1 || days > MOST_DAYS) {
    throw new UsageError(`--days must be a whole number from 1 to ${MOST_DAYS}.`);
  }
  return days;
}

function parseDate(text: string): number {
  const timeMs = Date.parse(text);
  if (!/^\d{4}-\d\d-\d\d/.test(text) || !(timeMs >= 0)) {
    throw new UsageError(`--from must be a day such as 2026-07-01, or a time in ISO 8601.`);
  }
  return timeMs;
}
