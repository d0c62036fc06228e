import { isHostName } from "./dns-names.ts";
import type { DnsRegistration } from "./dns-registration.ts";

const DIGITS = /^\d+$/;

/**
 * What keeps a name from being published as that of one host; null if nothing does. What follows a
 * first dot is looked at for its form only.
 *
 * @returns the rest of a sentence that begins with the name
 */
export function hostNameFault(name: string): string | null {
  const [label = ""] = name.toLowerCase().split(".");
  if (label === "") return "is empty";
  if (!isHostName(name)) {
    return "is no name for DNS, which has letters, digits and inner hyphens, 63 of them at most";
  }
  if (label === "localhost") return "means every machine to itself";
  // An address, or what old programs take for one (RFC 1123 section 2.1).
  return DIGITS.test(label) ? "is a number, which may be taken for an address" : null;
}

/**
 * Why a registration cannot be published under its target's name, and what to do; null if it can. As
 * the configuration is checked before, it is the machine's own name that is at fault.
 */
export function targetFault({ target }: Pick<DnsRegistration, "target">): string | null {
  const fault = hostNameFault(target);
  if (fault === null) return null;
  const [label = ""] = target.split(".");
  const named = label === "" ? "This machine's name" : `This machine's name "${label}"`;
  return (
    `${named} ${fault}. Give the machine a name (hostnamectl set-hostname kms), or set dns.host in ` +
    "the configuration."
  );
}
