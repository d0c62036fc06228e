import assert from "node:assert/strict";
import { LicenceRefusedError } from "../../src/domain/licence.ts";
import { StorageFailedError } from "../../src/ports/store.ts";
import { licenceView } from "../../src/services/licence-views.ts";
import { settled } from "../support/fake-clock.ts";
import { licenceOf, SERVER, TestHost, testHost, WRITER } from "../support/host.ts";
import { signerOf } from "../support/keys.ts";

const vendor = signerOf("vendor");
const second = signerOf("second vendor");
const CAD = { id: "cad", name: "CAD", application: "cad", threshold: 1 };

describe("the licences of a host", () => {
  let host: TestHost;
  let nowMs: number;
  beforeEach(async () => {
    host = await testHost({ licensed: false });
    nowMs = host.clock.nowMs();
  });

  const refused = (token: string, message: RegExp, options: { addVendor?: boolean } = {}) =>
    assert.rejects(host.licences.install(token, { nowMs, ...options }), (error: unknown) => {
      assert.ok(error instanceof LicenceRefusedError);
      assert.match(error.message, message);
      return true;
    });

  it("take a licence, keep it on flash and tell of it", async () => {
    const token = await licenceOf(vendor, host);
    const installed = await host.licences.install(`  ${token}\n`, { nowMs });
    assert.equal(installed.vendorThumbprint, vendor.thumbprint);
    assert.deepEqual(host.store.documents.get("licences"), [token]);
    assert.deepEqual(host.events.all, [
      {
        name: "licence-installed",
        message: 'Licence of the vendor "Example Vendor" installed.',
        details: {
          vendor: "Example Vendor",
          vendorThumbprint: vendor.thumbprint,
          products: "writer server",
          expires: "2026-01-06T08:00:00.000Z",
        },
      },
    ]);
  });

  it("are there again after a restart", async () => {
    await host.licences.install(await licenceOf(vendor, host), { nowMs });
    const restarted = new TestHost(host.store);
    assert.equal(restarted.licences.covering("writer", nowMs), undefined);
    await restarted.licences.start();
    assert.equal(restarted.licences.covering("writer", nowMs)?.product.id, "writer");
    assert.deepEqual(
      restarted.licences.productsAt(nowMs).map(({ id }) => id),
      ["server", "writer"],
    );
  });

  it("leave out a stored one that does not verify any more, and say so", async () => {
    const token = await licenceOf(vendor, host);
    const value = [`${token.slice(0, -86)}${"A".repeat(86)}`, 7, token];
    await host.store.commit([{ op: "document", name: "licences", value }]);
    await host.licences.start();
    assert.equal(host.licences.book.licences.length, 1);
    assert.match(host.events.all[0]?.message ?? "", /^A stored licence is unusable: .*damaged/);
  });

  it("are none where the document holds no list", async () => {
    await host.store.commit([{ op: "document", name: "licences", value: "x" }]);
    await host.licences.start();
    assert.deepEqual(host.licences.book.licences, []);
  });

  it("refuse a damaged one", async () => {
    const token = await licenceOf(vendor, host);
    await refused("hello", /damaged: not a compact JWS.*Fetch the file from the vendor again/);
    await refused(`${token.slice(0, -86)}${"A".repeat(86)}`, /the signature is not the vendor's/);
  });

  it("refuse one for another host", async () => {
    const other = signerOf("other host");
    const claims = { sub: other.thumbprint, cnf: { jwk: other.publicJwk } };
    await refused(await licenceOf(vendor, host, claims), /is for another host/);
  });

  it("refuse one that has expired or not begun, naming the host's clock", async () => {
    const nowSec = nowMs / 1000;
    const clock = /2025-01-06T08:00:00.000Z\)/;
    const ended = await licenceOf(vendor, host, { nbf: nowSec - 9, exp: nowSec });
    await refused(ended, /expired on 2025-01-06T08:00:00.000Z/);
    await refused(ended, clock);
    const begins = await licenceOf(vendor, host, { nbf: nowSec + 1 });
    await refused(begins, /not valid before 2025-01-06T08:00:01.000Z/);
    await refused(begins, clock);
  });

  it("trust the first vendor, and another one only if told so", async () => {
    await host.licences.install(await licenceOf(vendor, host), { nowMs });
    const token = await licenceOf(second, host, { iss: "Second", products: [CAD] });
    await refused(token, /of the vendor "Second".*trusts "Example Vendor".*--add-vendor/);
    await host.licences.install(token, { nowMs, addVendor: true });
    assert.equal(host.licences.book.vendors.length, 2);
    const more = { iss: "Second", products: [CAD], jti: "N".repeat(22) };
    await host.licences.install(await licenceOf(second, host, more), { nowMs });
  });

  it("refuse another vendor's claim on a product", async () => {
    await host.licences.install(await licenceOf(vendor, host), { nowMs });
    const token = await licenceOf(second, host, { iss: "Second" });
    await refused(token, /already licensed by the vendor/, { addVendor: true });
    assert.equal(host.licences.book.licences.length, 1);
  });

  it("are unchanged if the flash fails", async () => {
    host.store.fail();
    await assert.rejects(
      host.licences.install(await licenceOf(vendor, host), { nowMs }),
      StorageFailedError,
    );
    assert.deepEqual(host.licences.book.licences, []);
    host.store.recover();
    await host.licences.install(await licenceOf(vendor, host), { nowMs });
    assert.equal(host.licences.book.licences.length, 1);
  });

  it("are all kept when two are installed at once", async () => {
    const tokens = await Promise.all([
      licenceOf(vendor, host, { products: [WRITER], jti: "1".repeat(22) }),
      licenceOf(vendor, host, { products: [SERVER], jti: "2".repeat(22) }),
    ]);
    host.store.hold();
    const installed = tokens.map((token) => host.licences.install(token, { nowMs }));
    while (host.store.waiting === 0) await settled();
    host.store.release();
    await Promise.all(installed);
    assert.equal(host.licences.book.licences.length, 2);
    assert.equal((host.store.documents.get("licences") as string[]).length, 2);
  });

  it("are shown with their times and validity", async () => {
    const licence = await host.licences.install(await licenceOf(vendor, host), { nowMs });
    const nowSec = nowMs / 1000;
    assert.deepEqual(licenceView(licence, nowMs), {
      vendor: "Example Vendor",
      vendorThumbprint: vendor.thumbprint,
      validity: "valid",
      issued: nowSec,
      validFrom: nowSec,
      expires: nowSec + 365 * 86_400,
      products: [WRITER, SERVER],
    });
    assert.equal(licenceView(licence, 0).validity, "not-yet-valid");
  });
});
