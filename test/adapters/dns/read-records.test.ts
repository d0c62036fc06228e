import assert from "node:assert/strict";
import { parseReplies } from "../../../src/adapters/dns/read-records.ts";

const REPLIES = `;; Got answer:
;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 45192
;; flags: qr aa; QUERY: 1, ANSWER: 2, AUTHORITY: 1, ADDITIONAL: 2

;; OPT PSEUDOSECTION:
; EDNS: version: 0, flags:; udp: 1232
;; ANSWER SECTION:
_Vlmcs._tcp.office.test. 60	IN	SRV	0 100 1688 KMS.office.test.
_vlmcs._tcp.office.test. 60	IN	SRV	0 100 1699 odd\\032name.office.test.

;; Got answer:
;; ->>HEADER<<- opcode: QUERY, status: NXDOMAIN, id: 29035
;; flags: qr rd ra; QUERY: 1, ANSWER: 0, AUTHORITY: 1, ADDITIONAL: 1

`;

describe("the replies that dig prints", () => {
  it("are read one by one, with status, authority and records", () => {
    const record = { name: "_vlmcs._tcp.office.test", ttlSeconds: 60, type: "SRV" };
    assert.deepEqual(parseReplies(REPLIES), [
      {
        status: "NOERROR",
        authoritative: true,
        truncated: false,
        records: [
          { ...record, data: "0 100 1688 KMS.office.test." },
          { ...record, data: "0 100 1699 odd\\032name.office.test." },
        ],
      },
      { status: "NXDOMAIN", authoritative: false, truncated: false, records: [] },
    ]);
  });

  it("say that they are cut short", () => {
    const [reply] = parseReplies(REPLIES.replace("qr aa;", "qr aa tc;"));
    assert.deepEqual([reply?.authoritative, reply?.truncated], [true, true]);
  });

  it("are none where no server was reached", () => {
    const text = ";; communications error to 127.0.0.1#53: connection refused\n\n";
    assert.deepEqual(parseReplies(`${text};; no servers could be reached\n`), []);
  });
});
