import assert from "node:assert/strict";
import { statusLine } from "../../src/services/status-line.ts";
import { SERVER, type TestHost, testHost, WRITER } from "../support/host.ts";
import { signerOf } from "../support/keys.ts";

function lineOf(host: TestHost): string {
  const { store, hostClock, licences, report } = host;
  return statusLine({ store, clock: hostClock, licences, report });
}

describe("the status line", () => {
  it("is the count of every application, and what each needs", async () => {
    const host = await testHost();
    assert.equal(lineOf(host), "0 of 1 Server, 1 more needed; 0 of 2 Writer, 2 more needed");
    const request = await host.request(signerOf("client"), { product: SERVER.id });
    await host.activation.activate(request, "192.0.2.1");
    assert.equal(lineOf(host), "0 of 2 Writer, 2 more needed; 1 of 1 Server");
  });

  it("ends with what keeps the host from activating", async () => {
    const host = await testHost({ products: [WRITER] });
    host.store.fail();
    assert.match(lineOf(host), /^0 of 2 Writer, 2 more needed; storage failed$/);
    assert.equal(lineOf(await testHost({ licensed: false })), "no licence");
  });

  it("names a few of many products", async () => {
    const products = Array.from({ length: 7 }, (_, n) => ({
      ...WRITER,
      id: `p${n}`,
      name: `P${n}`,
      application: `a${n}`,
    }));
    const line = lineOf(await testHost({ products }));
    assert.match(line, /^0 of 2 P0, 2 more needed; .* P4, 2 more needed; 2 more products$/);
  });
});
