import { DAY_MS, SECOND_MS } from "../domain/units.ts";
import type { AttemptOutcome } from "./attempt.ts";
import { formatHostAddress } from "./host-address.ts";
import type { FailedReply } from "./host-reply.ts";

/** What became of an attempt, in a sentence or two with what to do. */
export function outcomeSentence(product: string, { reply, host }: AttemptOutcome): string {
  const at = host ? formatHostAddress(host) : "";
  switch (reply.kind) {
    case "activated": {
      const end = new Date(reply.lease.exp * SECOND_MS).toISOString();
      const days = Math.round(((reply.lease.exp - reply.lease.iat) * SECOND_MS) / DAY_MS);
      return `${product} is activated by ${at} until ${end} (${days} days).`;
    }
    case "below-threshold":
      return (
        `${at} counted this client, but does not activate ${product} yet: ${reply.count} of ` +
        `${reply.threshold} clients have asked. It will once enough have; "kms-client run" keeps asking.`
      );
    case "failed":
      return failureSentence(product, reply, at);
  }
}

function failureSentence(product: string, reply: FailedReply, at: string): string {
  const cause = reply.message.replace(/\.$/, "");
  switch (reply.reason) {
    case "host-not-found":
      return `No KMS host was found: ${cause}. Publish the host's SRV record, or name it with --host HOST.`;
    case "host-unreachable":
      return `No KMS host could be reached (${at}): ${cause}. Check that the host runs and that TCP port 1688 is open.`;
    case "not-trusted":
      return `The answer of ${at} is not trusted: ${cause}.${DISTRUST_ADVICE[reply.code] ?? ""}`;
    case "refused":
      return `${at} refused ${product} (${reply.code}): ${cause}.${REFUSAL_ADVICE[reply.code] ?? ""}`;
  }
}

const DISTRUST_ADVICE: Readonly<Record<string, string>> = {
  "vendor-not-trusted":
    " If the vendor changed its key, give the new one: kms-client activate --vendor-key FILE.",
  "host-replaced": " Until then this machine asks the other hosts that it finds.",
  "licence-not-valid": " The host needs a new licence from the vendor.",
};

const REFUSAL_ADVICE: Readonly<Record<string, string>> = {
  "clock-skew": " Set this machine's clock.",
  "product-not-licensed": " Check the product's id, or install the vendor's licence on the host.",
  "replayed-request": " This machine's clock may have been set back; it passes by itself.",
  "clock-untrusted": " The host waits for the time; it passes by itself.",
};
