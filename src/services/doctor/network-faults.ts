import type { Finding } from "../../domain/doctor/finding.ts";
import type { PanelFault } from "../../panel/facts.ts";

/** Gravest first. A link that is down and records that cannot be published have faults of their own. */
const FAULTS: Readonly<Record<string, PanelFault>> = {
  address: {
    level: "fault",
    code: "no-address",
    title: "NO ADDRESS",
    nextStep: "check the DHCP server, or set a fixed address",
  },
  "address-use": {
    level: "fault",
    code: "duplicate-address",
    title: "DUPLICATE ADDRESS",
    nextStep: "give this box or the other machine another one",
  },
  route: {
    level: "attention",
    code: "no-route",
    title: "NO ROUTE",
    nextStep: "set the gateway here or in the DHCP server",
  },
  "name-servers": {
    level: "attention",
    code: "no-name-server",
    title: "NO DNS",
    nextStep: "start the DNS server, or set the right one",
  },
};

/** What is wrong, in the panel's words; warnings are for those who ask the doctor. */
export function networkFaults(findings: readonly Finding[]): PanelFault[] {
  const wrong = findings.filter(({ result }) => result === "wrong").map(({ id }) => id);
  return Object.entries(FAULTS).flatMap(([id, fault]) => (wrong.includes(id) ? [fault] : []));
}
