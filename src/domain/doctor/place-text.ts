import type { HostPlace, Met } from "./dns-facts.ts";

/** `kms.office.example:1688`, `[2001:db8::7]:1688`. */
export function placeText({ target, port }: HostPlace): string {
  return target.includes(":") ? `[${target}]:${port}` : `${target}:${port}`;
}

/** Why a host did not answer as one, in a clause. */
export function silenceText({ meeting }: Met): string {
  switch (meeting.kind) {
    case "silent":
      return meeting.why;
    case "no-address":
      return "its name has no address";
    case "stranger":
      return "what answers there is not a KMS host of this kind";
    case "host":
      return "it answers";
  }
}
