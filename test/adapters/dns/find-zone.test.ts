import assert from "node:assert/strict";
import { findZone, hastyResolver } from "../../../src/adapters/dns/find-zone.ts";
import { TinyDns } from "../../support/tiny-dns.ts";

const REFUSED = 5;
const QUESTION = { name: "_vlmcs._tcp.office.test", domain: "office.test" };

describe("looking for a zone", () => {
  let dns: TinyDns;
  before(async () => {
    dns = await TinyDns.start();
  });
  after(() => dns.stop());

  const find = () => findZone(QUESTION, hastyResolver([dns.address]));

  it("says where there is none", async () => {
    await assert.rejects(find(), { code: "no-zone", message: /^No zone was found for _vlmcs/ });
  });

  it("says what a refusal means: it is not the network", async () => {
    dns.failure = REFUSED;
    const message = /refuses to answer for \S+, as one does .*: name the zone's primary .*local=/;
    await assert.rejects(find(), { code: "no-zone", message });
  });
});
