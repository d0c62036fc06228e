import { isIP } from "node:net";
import { isHostName, isSameName, splitServer } from "../domain/dns-names.ts";
import { hostNameFault } from "../domain/host-name.ts";
import type { Config } from "./schema.ts";

type DnsOptions = Config["dns"];
type DomainOptions = DnsOptions["domains"][number];

/** What no schema can say of `dns`; each fault begins with where it was written. */
export function dnsFaults(source: string, { host, domains }: DnsOptions): string[] {
  const faults = domains.flatMap((each, index) =>
    domainFaults(each, domains.slice(0, index)).map((fault) => `dns.domains.${index}.${fault}`),
  );
  const unusable = host === "" ? null : hostNameFault(host);
  if (unusable !== null) {
    faults.unshift(`dns.host: "${host}" ${unusable}; give a name such as kms.office.example`);
  }
  return faults.map((fault) => `${source}: ${fault}`);
}

function domainFaults(options: DomainOptions, before: readonly DomainOptions[]): string[] {
  const { domain, server, tsigKeyFile, keytab, principal } = options;
  const faults: string[] = [];
  if (!isHostName(domain)) faults.push(`domain: "${domain}" is no domain such as office.example`);
  if (before.some((each) => isSameName(each.domain, domain))) {
    faults.push(`domain: ${domain} is named twice`);
  }
  if (server !== undefined && isIP(splitServer(server)?.address ?? "") === 0) {
    faults.push(`server: "${server}" is no ADDRESS or ADDRESS:PORT; IPv6 with a port in brackets`);
  }
  if (tsigKeyFile !== undefined && keytab !== undefined) {
    faults.push("keytab: an update is signed by tsigKeyFile or by keytab, not by both");
  }
  if (principal !== undefined && keytab === undefined) {
    faults.push("principal: it needs the keytab that holds its key");
  }
  return faults;
}
