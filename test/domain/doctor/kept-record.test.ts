import assert from "node:assert/strict";
import type { Meeting } from "../../../src/domain/doctor/dns-facts.ts";
import {
  type KeptRecord,
  type OwnPlace,
  sortRecords,
} from "../../../src/domain/doctor/kept-record.ts";

const OURS = "o".repeat(43);
const own: OwnPlace = {
  target: "kms.office.test",
  port: 1688,
  addresses: ["10.0.0.5", "2001:db8::5"],
  thumbprint: OURS,
};
const box: Meeting = { kind: "host", thumbprint: OURS, timeMs: 0 };
const rival: Meeting = { kind: "host", thumbprint: "another", timeMs: 0 };
const silent: Meeting = { kind: "silent", why: "nothing listens there" };
const stranger: Meeting = { kind: "stranger" };

type Found = readonly (readonly [address: string, meeting: Meeting])[];

function record(target: string, port: number, found: Found): KeptRecord {
  return { target, port, found: found.map(([address, meeting]) => ({ address, meeting })) };
}

/** The only list that has the record, and how many have it. */
function sorted(kept: KeptRecord, over: Partial<OwnPlace> = {}): string[] {
  return Object.entries(sortRecords([kept], { ...own, ...over })).flatMap(([list, records]) =>
    records.length > 0 ? [list] : [],
  );
}

describe("where a record leads that an administrator keeps", () => {
  const rows: [what: string, list: string, record: KeptRecord, over?: Partial<OwnPlace>][] = [
    ["this box answers", "here", record("kms.office.test", 1688, [["10.0.0.5", box]])],
    ["this box by another name", "here", record("licences.test", 1688, [["10.0.0.5", box]])],
    ["this box behind another address", "here", record("x.test", 1688, [["10.9.9.9", box]])],
    ["this box behind another port", "here", record("x.test", 443, [["10.9.9.9", box]])],
    [
      "one of two addresses",
      "here",
      record("x.test", 1688, [
        ["10.9.9.9", silent],
        ["10.0.0.5", box],
      ]),
    ],
    [
      "this machine, where no box runs",
      "here",
      record("x.test", 1688, [["2001:db8::5", silent]]),
      { thumbprint: null },
    ],
    ["our name, another machine", "moved", record("KMS.office.test", 1688, [["10.0.0.9", silent]])],
    ["our name, another box", "moved", record("kms.office.test", 1688, [["10.0.0.9", rival]])],
    ["our name without address", "moved", record("kms.office.test", 1688, [])],
    ["this machine at another port", "otherPort", record("x.test", 1700, [["10.0.0.5", silent]])],
    ["a web server of this machine", "otherPort", record("x.test", 80, [["10.0.0.5", stranger]])],
    ["our name at another port", "otherPort", record("kms.office.test", 1700, [])],
    ["a second box of this machine", "elsewhere", record("x.test", 1700, [["10.0.0.5", rival]])],
    ["another machine", "elsewhere", record("old.office.test", 1688, [["10.0.0.9", silent]])],
    ["a name without address", "elsewhere", record("old.office.test", 1688, [])],
  ];
  for (const [what, list, kept, over] of rows) {
    it(`${what}: ${list}`, () => {
      assert.deepEqual(sorted(kept, over), [list]);
    });
  }

  it("tells of other hosts what was met there", () => {
    const { elsewhere } = sortRecords(
      [
        record("a.test", 1688, [
          ["10.0.0.8", silent],
          ["10.0.0.9", rival],
        ]),
        record("b.test", 1688, []),
      ],
      own,
    );
    assert.deepEqual(elsewhere, [
      { target: "a.test", port: 1688, meeting: rival },
      { target: "b.test", port: 1688, meeting: { kind: "no-address" } },
    ]);
  });
});
