import assert from "node:assert/strict";
import { findMachines } from "../../../src/domain/insight/find-machines.ts";
import { ActivationLedger } from "../../../src/domain/ledger.ts";
import { cmidOf, contact } from "../../support/contacts.ts";
import { finished } from "../../support/finished.ts";

describe("finding machines by name", () => {
  const ledger = new ActivationLedger();
  ledger.put(contact(1, { hostname: "PC-1.office.test" }));
  ledger.put(contact(1, { hostname: "PC-1.office.test", product: "tables" }));
  ledger.put(contact(2, { hostname: "pc-1" }));
  ledger.put(contact(3, { hostname: "pc-11" }));
  const found = (...names: string[]) =>
    Object.fromEntries(
      [...finished(findMachines(ledger, names))].map(([name, machines]) => [
        name,
        machines.map(({ cmid }) => cmid),
      ]),
    );

  it("takes host names in any case, with and without the domain, and CMIDs", () => {
    assert.deepEqual(found("pc-1", "PC-1.OFFICE.TEST", "PC-11", cmidOf(3).toUpperCase()), {
      "pc-1": [cmidOf(1), cmidOf(2)],
      "PC-1.OFFICE.TEST": [cmidOf(1)],
      "PC-11": [cmidOf(3)],
      [cmidOf(3).toUpperCase()]: [cmidOf(3)],
    });
  });

  it("finds nothing for a part of a name, or a CMID that is not known", () => {
    assert.deepEqual(found("pc", "office.test", cmidOf(9)), {
      pc: [],
      "office.test": [],
      [cmidOf(9)]: [],
    });
  });
});
