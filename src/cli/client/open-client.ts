import { type ClientNotice, type ClientOptions, KmsClient } from "../../client/client.ts";
import { findersFor } from "../../client/finders.ts";
import { parseHostAddress } from "../../client/host-address.ts";
import type { StateFolder } from "../../client/state-folder.ts";
import { SYSTEM } from "../../client/system.ts";
import { httpTransport, type TransportOptions } from "../../client/transport.ts";
import { remark } from "../support/lines.ts";
import { type FindingOptions, nameServer } from "./options.ts";

/**
 * How hosts are found and reached, by the options of the command line.
 *
 * @param patience for how long one is waited for
 */
export function reachBy(
  options: FindingOptions,
  patience: Pick<TransportOptions, "timeoutMs"> = {},
): Pick<ClientOptions, "finders" | "transport"> {
  const dnsServer = options.dnsServer === undefined ? undefined : nameServer(options.dnsServer);
  const host = options.host === undefined ? undefined : parseHostAddress(options.host);
  const { service, domain } = options;
  return {
    finders: ({ configured, cached, mdns }) =>
      findersFor({
        configured: host ?? configured,
        cached,
        mdns: mdns && options.mdns !== false,
        random: () => SYSTEM.random(),
        ...(service !== undefined && { service }),
        ...(domain !== undefined && { domain }),
        ...(dnsServer !== undefined && { dnsServer }),
      }),
    transport: httpTransport({ ...patience, ...(dnsServer !== undefined && { dnsServer }) }),
  };
}

export function openClient(
  folder: StateFolder,
  options: FindingOptions,
  notice: (notice: ClientNotice) => void,
  reach = reachBy(options),
): KmsClient {
  return new KmsClient({ folder, ...reach }, notice);
}

/** Tells a person, beside a command's answer, what was noticed on the way. */
export function warnOf(notice: ClientNotice): void {
  const text = {
    rearmed: "This state was made on another machine (a cloned disk?): a new identity was made.",
    "state-damaged": "kept" in notice ? `A damaged state file was kept as ${notice.kept}.` : "",
    "lease-dropped": "reason" in notice ? `The stored lease was dropped: ${notice.reason}` : "",
  }[notice.kind];
  remark(`Note: ${text}`);
}
