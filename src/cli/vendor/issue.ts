import { randomBytes } from "node:crypto";
import { Command } from "commander";
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

interface IssueFlags {
  readonly dir: string;
  readonly hostKey: string;
  readonly product: readonly LicensedProduct[];
  readonly days: number;
  readonly from?: number;
  readonly name?: string;
  readonly out?: string;
  readonly json?: boolean;
}

/** `kms-vendor licence issue`: signs a licence for one host. */
export function issueCommand(): Command {
  return new Command("issue")
    .description("sign a licence for one host")
    .requiredOption("--dir <dir>", "folder of the vendor's keys")
    .requiredOption("--host-key <file>", "public key of the host; - is standard input")
    .requiredOption("--product <members>", "id=…,name=…,application=…,threshold=N", addProduct)
    .requiredOption("--days <n>", "how long the licence is valid", parseDays)
    .option("--from <date>", "day or time from which it is valid (default: now)", parseDate)
    .option("--name <name>", "vendor name on this licence (default: as in init)")
    .option("--out <file>", "where to write the licence (default: standard output)")
    .option("--json", "answer as JSON")
    .addHelpText("after", HELP)
    .action(issue);
}

const HELP = `
Products of one application are counted together. The threshold is the count from which a product is
activated: 25 if left out, 5 is usual for servers.

Examples:
  kms-vendor licence issue --dir acme-keys --host-key host.jwk --days 365 --out acme.licence \\
      --product "id=acme-cad,name=ACME CAD,application=acme,threshold=25"
  ssh box kms-box licence request | kms-vendor licence issue --dir acme-keys --host-key - \\
      --days 30 --product "id=acme-server,name=ACME Server,application=acme-server,threshold=5"`;

async function issue(flags: IssueFlags): Promise<void> {
  if (flags.name !== undefined) checkName(flags.name);
  const vendor = await openVendor(flags.dir);
  const host = await readHostKey(flags.hostKey);
  const claims = claimsFor({ ...vendor, name: flags.name ?? vendor.name }, host, flags);
  const { signer } = vendor;
  const token = await makeLicence(claims, signer, (data) => signer.sign(data));
  if (flags.out !== undefined) await writeLicence(flags.out, token);
  tell(flags, claims, signer.thumbprint, token);
}

function claimsFor(vendor: Vendor, host: HostKey, flags: IssueFlags): LicenceClaims {
  const ids = flags.product.map(({ id }) => id);
  const twice = ids.find((id, i) => ids.indexOf(id) !== i);
  if (twice !== undefined) throw new UsageError(`--product: "${twice}" stands there twice.`);
  const nowMs = Date.now();
  const beginsMs = flags.from ?? nowMs;
  const seconds = (timeMs: number) => Math.floor(timeMs / SECOND_MS);
  return {
    iss: vendor.name,
    sub: host.thumbprint,
    cnf: { jwk: host.publicJwk },
    products: flags.product,
    iat: seconds(nowMs),
    nbf: seconds(flags.from ?? nowMs - BACKDATED_MS),
    exp: seconds(beginsMs + flags.days * DAY_MS),
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

function addProduct(text: string, before: readonly LicensedProduct[] = []): LicensedProduct[] {
  return [...before, parseProduct(text)];
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
