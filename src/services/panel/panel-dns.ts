import type { DnsFailureCode, DomainReport, DomainState } from "../../domain/dns-registration.ts";
import type { DnsFacts, PanelFault } from "../../panel/facts.ts";

/** The worst first. */
const ORDER: readonly DomainState["state"][] = [
  "failed",
  "foreign",
  "withdrawn",
  "pending",
  "published",
];

/** What failed, in few words, and what to do about it, in at most 60 characters. */
const FAILURES: Readonly<Record<DnsFailureCode, { what: string; nextStep: string }>> = {
  "not-installed": { what: "nsupdate is missing", nextStep: "install the package bind9-dnsutils" },
  "key-unusable": { what: "its key cannot be used", nextStep: "check the key file or the keytab" },
  "name-unusable": {
    what: "no name to publish",
    nextStep: "set the machine's name, or dns.host",
  },
  "no-ticket": {
    what: "no Kerberos ticket",
    nextStep: "check keytab, clock and domain controller",
  },
  "no-zone": { what: "its zone was not found", nextStep: "check the domain, or name its server" },
  "server-unreachable": {
    what: "name server not reached",
    nextStep: "check the network and the name server",
  },
  "server-refused": {
    what: "name server refuses",
    nextStep: "allow this box to change its record",
  },
  "signature-refused": { what: "key not accepted", nextStep: "check the key and both clocks" },
  "not-visible": { what: "record does not show", nextStep: "check that the server is the primary" },
  "update-failed": { what: "update failed", nextStep: "see the reason: kms-box dns status" },
};

/** How the box is published, as the domain has it where that is worst. */
export function panelDns(reports: readonly DomainReport[]): DnsFacts {
  const [worst] = reports.toSorted((a, b) => rank(a) - rank(b));
  if (!worst) return { state: "off" };
  const { state } = worst;
  const record = worst.registration.name;
  switch (state.state) {
    case "published":
      return { state: "published", record, sinceMs: state.sinceMs };
    case "failed":
      return { state: "failed", record, reason: FAILURES[state.code].what };
    case "foreign":
      return { state: "failed", record, reason: "another host is published" };
    case "withdrawn":
      return { state: "withdrawn", record };
    case "pending":
      return { state: "pending", record };
  }
}

function rank({ state }: DomainReport): number {
  return ORDER.indexOf(state.state);
}

/** What is wrong with publishing; clients that know the host are served all the same. */
export function dnsTroubles(reports: readonly DomainReport[]): PanelFault[] {
  const states = reports.map(({ state }) => state);
  const failed = states.find((state) => state.state === "failed");
  if (failed?.state === "failed") {
    const { nextStep } = FAILURES[failed.code];
    return [{ level: "attention", code: "dns-failed", title: "DNS FAILED", nextStep }];
  }
  if (!states.some(({ state }) => state === "foreign")) return [];
  const nextStep = "another host is in DNS: remove it, or set dns.coexist";
  return [{ level: "attention", code: "dns-rival", title: "RIVAL HOST", nextStep }];
}
