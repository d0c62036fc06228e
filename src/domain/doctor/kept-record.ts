import { isSameName } from "../dns-names.ts";
import { type HostPlace, type Meeting, type Met, meetingOf } from "./dns-facts.ts";

/** An SRV record that an administrator keeps, and what is found where it leads. */
export interface KeptRecord extends HostPlace {
  /** Each address that its target has in DNS, and what came of asking there at the record's port. */
  readonly found: readonly { readonly address: string; readonly meeting: Meeting }[];
}

/** What tells this box from others. */
export interface OwnPlace extends HostPlace {
  /** This machine's addresses. */
  readonly addresses: readonly string[];
  /** Null where no box runs that could answer. */
  readonly thumbprint: string | null;
}

/** Records under one name, by where they lead. */
export interface SortedRecords {
  /** To this box, whatever name an administrator gave it. */
  readonly here: readonly KeptRecord[];
  /** By this machine's name, to addresses that it does not have. */
  readonly moved: readonly KeptRecord[];
  /** To this machine, but to a port at which the box does not serve. */
  readonly otherPort: readonly KeptRecord[];
  /** To other machines or other boxes. */
  readonly elsewhere: readonly Met[];
}

export function sortRecords(records: readonly KeptRecord[], own: OwnPlace): SortedRecords {
  const of = (kind: Kind) => records.filter((record) => kindOf(record, own) === kind);
  const elsewhere = of("elsewhere").map(({ target, port, found }) => {
    return { target, port, meeting: meetingOf(found.map(({ meeting }) => meeting)) };
  });
  return { here: of("here"), moved: of("moved"), otherPort: of("other-port"), elsewhere };
}

type Kind = "here" | "moved" | "other-port" | "elsewhere";

function kindOf(record: KeptRecord, own: OwnPlace): Kind {
  const isOurName = isSameName(record.target, own.target);
  const isOurMachine = record.found.some(({ address }) => own.addresses.includes(address));
  if (record.found.some(({ meeting }) => isMet(meeting, own))) return "here";
  if (record.port !== own.port) {
    // A second box on this machine is another host to its clients.
    const isOtherBox = record.found.some(({ meeting }) => meeting.kind === "host");
    return (isOurMachine || isOurName) && !isOtherBox ? "other-port" : "elsewhere";
  }
  if (isOurMachine) return "here";
  return isOurName ? "moved" : "elsewhere";
}

/** Whether this very box answered. */
export function isMet(meeting: Meeting, { thumbprint }: OwnPlace): boolean {
  return meeting.kind === "host" && meeting.thumbprint === thumbprint;
}
