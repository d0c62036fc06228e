import assert from "node:assert/strict";
import { tryUpdate } from "../../../src/adapters/dns/update-trial.ts";
import { registration } from "../../support/dns-registrations.ts";

const NO_TICKETS = {
  cacheFor: () => assert.fail("no Kerberos here"),
  discard: () => assert.fail("no Kerberos here"),
};

describe("trying whether an update would be accepted", () => {
  it("asks nobody where the machine has no name to publish", async () => {
    const wanted = registration({ target: "my_pi.office.test" });
    const failure = await tryUpdate(wanted, { server: "192.0.2.254" }, NO_TICKETS);
    assert.equal(failure?.code, "name-unusable");
    assert.match(failure?.reason ?? "", /^This machine's name "my_pi" is no name for DNS/);
  });
});
