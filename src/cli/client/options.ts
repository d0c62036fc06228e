import { isIP } from "node:net";
import { type Command, Option } from "commander";
import { parseHostAddress } from "../../client/host-address.ts";
import { ownStateFolder, readableStateFolder } from "../../client/location.ts";
import { StateFolder } from "../../client/state-folder.ts";
import type { PublicJwk } from "../../domain/claims.ts";
import { isRecordName, plainName } from "../../domain/dns-names.ts";
import { DEFAULT_SERVICE } from "../../domain/dns-registration.ts";
import { parsePublicJwk } from "../../platform/ed25519.ts";
import { readInput } from "../support/files.ts";
import { UsageError } from "../support/run-program.ts";

/** Options that commands share, as commander gives them. */
export interface StateOptions {
  readonly state?: string;
  readonly json?: boolean;
}

export interface ProductOptions extends StateOptions {
  readonly product?: string;
}

export interface FindingOptions {
  readonly host?: string;
  readonly service?: string;
  readonly domain?: string;
  readonly dnsServer?: string;
  /** False with `--no-mdns`. */
  readonly mdns?: boolean;
}

const PRODUCT_ID = /^[A-Za-z0-9][A-Za-z0-9._:+-]{0,63}$/;
/** RFC 6335 section 5.1, with the underscore of RFC 2782. */
const SERVICE_LABEL = /^_[A-Za-z0-9](?:[A-Za-z0-9-]{0,13}[A-Za-z0-9])?$/;
const DNS_PORT = 53;

export function withState(command: Command): Command {
  return command
    .option("--state <dir>", "state folder (default: where this system keeps such things)")
    .option("--json", "answer as JSON, errors too");
}

export function withProduct(command: Command): Command {
  return command.addOption(
    new Option("--product <id>", "product (default: the only one installed)").argParser(productId),
  );
}

export function withFinding(command: Command): Command {
  return command
    .option("--host <host[:port]>", "ask this host and no other, this time")
    .addOption(
      new Option("--domain <domain>", "look for the SRV record in this domain only").argParser(
        domainName,
      ),
    )
    .option("--dns-server <addr:port>", "ask this name server instead of the system's")
    .addOption(
      new Option("--service <label>", "service label of the SRV record")
        .default(DEFAULT_SERVICE)
        .argParser(serviceLabel),
    )
    .option("--no-mdns", "do not ask this machine's own links where DNS names no host");
}

/** @throws {UsageError} */
export function productId(text: string): string {
  if (PRODUCT_ID.test(text)) return text;
  throw new UsageError(
    `"${text}" is not a product id: 1 to 64 letters, digits and ._:+-, beginning with a letter or digit.`,
  );
}

/** @throws {UsageError} */
function domainName(text: string): string {
  const name = plainName(text);
  if (isRecordName(name)) return name;
  throw new UsageError(`"${text}" is not a DNS domain: write it as in office.example.`);
}

/** @throws {UsageError} */
function serviceLabel(text: string): string {
  if (SERVICE_LABEL.test(text)) return text;
  throw new UsageError(
    `"${text}" is not a service label: an underscore and up to 15 letters, digits and hyphens, as in ${DEFAULT_SERVICE}.`,
  );
}

/** The folder that a command changes. */
export function ownFolder({ state }: StateOptions): StateFolder {
  return new StateFolder(state ?? ownStateFolder());
}

/** The folder that a command only reads: also that of the system's agent. */
export function readableFolder({ state }: StateOptions): StateFolder {
  return new StateFolder(state ?? readableStateFolder());
}

/** @throws {FileNotAccessibleError} */
export async function readVendorKey(path: string): Promise<PublicJwk> {
  const text = await readInput(path);
  const key = parsePublicJwk(text, path);
  if ((JSON.parse(text) as { d?: unknown }).d !== undefined) {
    throw new UsageError(
      `${path} is the vendor's private key, which must never leave the vendor. Take the public ` +
        "one, vendor.pub.jwk, and have the vendor make new keys if this one was sent around.",
    );
  }
  return key;
}

/**
 * Checks `ADDR[:PORT]` of a name server, which must be an IP address.
 *
 * @throws {UsageError}
 */
export function nameServer(text: string): string {
  const { host, port } = parseHostAddress(text, DNS_PORT);
  const family = isIP(host);
  if (family === 0) {
    throw new UsageError(`"${text}" is not the address of a name server: write IP or IP:PORT.`);
  }
  return family === 6 ? `[${host}]:${port}` : `${host}:${port}`;
}
