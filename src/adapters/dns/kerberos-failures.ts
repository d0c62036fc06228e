import { resolve } from "node:path";
import type { DnsFailureCode } from "../../domain/dns-registration.ts";
import { DnsFailedError } from "../../ports/dns.ts";

/** What a program was run for. */
interface About {
  readonly keytab: string;
  readonly principal?: string;
}

interface Reading {
  /** What MIT Kerberos writes; the first that matches counts. */
  readonly text: RegExp;
  readonly code: DnsFailureCode;
  readonly say: (about: { readonly keytab: string; readonly principal: string }) => string;
}

const EXPORT_ANEW = "Export the keytab anew and put it in place of this one.";

const READINGS: readonly Reading[] = [
  {
    text: /no suitable keys/,
    code: "key-unusable",
    say: ({ keytab, principal }) =>
      `The keytab ${keytab} has no key of ${principal}. Run "klist -k ${keytab}" and set ` +
      '"principal" to a name that it lists, or leave that out.',
  },
  {
    text: /key table format|keytab format|Bad format in keytab|End of file/i,
    code: "key-unusable",
    say: ({ keytab }) => `${keytab} is no Kerberos keytab. ${EXPORT_ANEW}`,
  },
  {
    text: /Permission denied/,
    code: "key-unusable",
    say: ({ keytab }) => `${keytab} may not be read by the user that the box runs as: chown it.`,
  },
  {
    text: /Client .*not found in Kerberos database/,
    code: "key-unusable",
    say: ({ principal }) =>
      `The realm has no user ${principal}. Make that user, or export the keytab of another one.`,
  },
  {
    text: /Preauthentication failed|Password incorrect|Decrypt integrity check/i,
    code: "key-unusable",
    say: ({ keytab, principal }) =>
      `The key of ${principal} in ${keytab} is not its key any more: its password was changed ` +
      `after the export. ${EXPORT_ANEW}`,
  },
  {
    text: /no support for encryption type|encryption type not supported/i,
    code: "key-unusable",
    say: ({ keytab, principal }) =>
      `The KDC and the keytab ${keytab} have no kind of encryption in common for ${principal}. ` +
      "Export the keytab anew with AES-256.",
  },
  {
    text: /Clock skew too great|not yet valid/i,
    code: "no-ticket",
    say: () =>
      "This machine's clock and the domain controller's are more than 5 minutes apart. Let this " +
      "machine take its time by NTP from the domain controller.",
  },
  {
    text: /[Pp]assword has expired|[Kk]ey has expired/,
    code: "no-ticket",
    say: ({ principal }) =>
      `The password of ${principal} has expired. Let it never expire, set it anew, and export the ` +
      "keytab anew.",
  },
  {
    text: /revoked|entry in database has expired|locked out/i,
    code: "no-ticket",
    say: ({ principal }) =>
      `The account ${principal} is disabled, locked or expired. Enable it in the directory.`,
  },
  {
    text: /Cannot find KDC|Cannot resolve/i,
    code: "no-ticket",
    say: ({ principal }) =>
      `No KDC was found for ${principal}. Let this machine ask the domain's own DNS servers, or ` +
      "name the KDC in /etc/krb5.conf.",
  },
  {
    text: /Cannot contact any KDC/,
    code: "no-ticket",
    say: ({ principal }) =>
      `No KDC answered for ${principal}. See that a domain controller runs and that port 88, UDP ` +
      "and TCP, is open to it.",
  },
];

/**
 * What an error of `kinit` or `klist` means, from `execFile`.
 *
 * @param about `keytab` and `principal` as the configuration has them
 */
export function kerberosFailure(error: unknown, about: About): DnsFailedError {
  const { code, killed, stderr, message } = error as NodeJS.ErrnoException & {
    killed?: boolean;
    stderr?: string;
  };
  const fail = (kind: DnsFailureCode, text: string) =>
    new DnsFailedError(kind, text, { cause: error });
  if (code === "ENOENT") {
    return fail("not-installed", 'Kerberos\' "kinit" is not installed: apt install krb5-user.');
  }
  const { keytab, principal = "the keytab's principal" } = about;
  if (killed === true) {
    return fail(
      "no-ticket",
      `The KDC gave no ticket for ${principal} within 15 s: is it reachable?`,
    );
  }
  const told = (stderr || message).trim();
  const reading = READINGS.find(({ text }) => text.test(told));
  if (reading) return fail(reading.code, reading.say({ keytab: resolve(keytab), principal }));
  return fail("no-ticket", `There is no Kerberos ticket for ${principal}: ${told}`);
}
