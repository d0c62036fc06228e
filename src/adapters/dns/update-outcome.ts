import type { DnsFailureCode } from "../../domain/dns-registration.ts";
import { DnsFailedError } from "../../ports/dns.ts";
import type { ToolRun } from "./run-tool.ts";

/** How an update went, as far as nsupdate tells. */
export type UpdateOutcome =
  | { readonly kind: "done" }
  /** Another change came between reading and writing (RFC 2136 section 2.4). */
  | { readonly kind: "overtaken" }
  | {
      readonly kind: "failed";
      readonly error: DnsFailedError;
      /** It may have been done all the same: only reading tells. */
      readonly mayBeDone: boolean;
    };

interface Symptom {
  readonly sign: RegExp;
  readonly code: DnsFailureCode;
  readonly message: string;
  readonly mayBeDone?: boolean;
}

/** nsupdate ends with 2 whatever went wrong: its words tell. The first that fits counts. */
const SYMPTOMS: readonly Symptom[] = [
  {
    sign: /NOTAUTH\(BADTIME\)|clocks are unsynchronized|clock skew/i,
    code: "signature-refused",
    message: "The name server's clock differs from this box's: set both by NTP.",
  },
  {
    sign: /NOTAUTH\(BADKEY\)/,
    code: "signature-refused",
    message: "The name server does not know the key: add the same key there, by the same name.",
  },
  {
    sign: /NOTAUTH\(BAD(?:SIG|VERS|TRUNC)\)/,
    code: "signature-refused",
    message: "The name server has another secret for this key: copy the same key file to both.",
  },
  {
    sign: /update failed: REFUSED/,
    code: "server-refused",
    message:
      "The name server refuses the update: allow this key to change the name there. In Active " +
      "Directory the name may belong to another user.",
  },
  {
    // So Samba 4.17 refuses to let one user change what another one owns.
    sign: /update failed: SERVFAIL/,
    code: "server-refused",
    message:
      "The name server cannot do the update: look into its log. In Active Directory the name may " +
      "belong to another user.",
  },
  {
    // Samba answers so although it has done what it was asked.
    sign: /tsig verify failure/i,
    code: "signature-refused",
    message: "The name server's signature does not fit: check the key and both clocks.",
    mayBeDone: true,
  },
  {
    sign: /credentials? (?:cache )?.*(?:not found|expired)|No Kerberos credentials|ticket expired/i,
    code: "no-ticket",
    message: "There is no Kerberos ticket for the name server: check the keytab and the principal.",
  },
  {
    sign: /GSSAPI error|gss_|tkey query failed|failed to (?:begin|process) gss/i,
    code: "signature-refused",
    message: "The name server did not accept the Kerberos ticket: check its principal and clocks.",
  },
  {
    sign: /could not read key|dst_key|bad key|not a valid key/i,
    code: "key-unusable",
    message: "The key file cannot be used: make a new one with tsig-keygen.",
  },
  {
    sign: /update failed: NOTAUTH|NOTZONE/,
    code: "no-zone",
    message: "The server is not the primary of the zone: name the primary as the domain's server.",
  },
  {
    sign: /update failed: NOTIMP/,
    code: "server-refused",
    message: "The name server takes no dynamic updates: add the record by hand.",
  },
  {
    sign: /timed out/i,
    code: "server-unreachable",
    message: "The name server did not answer in time: check the network and the server.",
    mayBeDone: true,
  },
  {
    sign: /communication with .* failed|could not reach any name server|unreachable|refused/i,
    code: "server-unreachable",
    message: "The name server cannot be reached: check the network and the server.",
  },
  {
    sign: /could not find enclosing zone/i,
    code: "no-zone",
    message: "No zone was found for the name: name its primary as the domain's server.",
  },
];

/** What an end of nsupdate means. */
export function updateOutcome({ status, stderr }: ToolRun): UpdateOutcome {
  if (status === 0) return { kind: "done" };
  // A name that exists, or does not, against a prerequisite.
  if (/update failed: (?:YX|NX)(?:RRSET|DOMAIN)/.test(stderr)) return { kind: "overtaken" };
  const symptom = SYMPTOMS.find(({ sign }) => sign.test(stderr));
  const told = lastLine(stderr);
  const {
    code,
    message,
    mayBeDone = false,
  } = symptom ?? {
    code: "update-failed" as const,
    message: "The update failed: look into the name server's log.",
    mayBeDone: true,
  };
  const error = new DnsFailedError(code, told === "" ? message : `${message} (${told})`);
  return { kind: "failed", error, mayBeDone };
}

/** Never a secret: nsupdate repeats names and error codes only. */
function lastLine(stderr: string): string {
  const lines = stderr.split("\n").map((line) => line.replace(/^[;\s]+/, "").trim());
  return lines.findLast((line) => line !== "")?.slice(0, 120) ?? "";
}
