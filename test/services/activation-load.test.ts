import assert from "node:assert/strict";
import { DAY_MS, MINUTE_MS, SECOND_MS } from "../../src/domain/units.ts";
import { settled } from "../support/fake-clock.ts";
import { SERVER, type TestHost, testHost } from "../support/host.ts";
import { signerOf } from "../support/keys.ts";
import { problemOf, refusalOf } from "../support/refusals.ts";

const client = signerOf("client");

const outcome = (answer: Promise<unknown>) =>
  answer.then(
    () => "activated",
    (error: { code: string }) => error.code,
  );

describe("the limits of a source", () => {
  it("hold a source to its rate, and say in whole seconds how long to wait", async () => {
    const host = await testHost({ requestsPerMinute: 60, burst: 2 });
    const ask = async (source: string) =>
      host.activation.activate(await host.request(client, { product: SERVER.id }), source);
    await ask("192.0.2.1");
    await ask("192.0.2.1");
    host.clock.pass(100);
    const { status, type, retryAfterSeconds } = await problemOf(ask("192.0.2.1"));
    assert.deepEqual([status, type], [429, "urn:kms-box:problem:rate-limited"]);
    assert.equal(retryAfterSeconds, 1);
    await ask("192.0.2.2");
    host.clock.pass(SECOND_MS);
    await ask("192.0.2.1");
  });

  it("count requests that are refused as well", async () => {
    const host = await testHost({ requestsPerMinute: 60, burst: 2 });
    for (let n = 0; n < 2; n++) await refusalOf(host.activation.activate("x", "192.0.2.1"));
    const token = await host.request(client, { product: SERVER.id });
    const { code } = await refusalOf(host.activation.activate(token, "192.0.2.1"));
    assert.equal(code, "rate-limited");
  });

  it("hold an IPv4 address and an IPv6 /64 to their new clients", async () => {
    const host = await testHost({ newClientsPerDay: 1 });
    const ask = async (name: string, source: string) =>
      outcome(
        host.activation.activate(
          await host.request(signerOf(name), { product: SERVER.id }),
          source,
        ),
      );
    assert.equal(await ask("a", "2001:db8::1"), "activated");
    assert.equal(await ask("b", "2001:db8::2"), "too-many-new-clients");
    assert.equal(await ask("b", "2001:db8:0:1::2"), "activated");
    assert.equal(await ask("c", "192.0.2.1"), "activated");
    assert.equal(await ask("d", "192.0.2.1"), "too-many-new-clients");
    assert.equal(await ask("a", "192.0.2.1"), "activated", "a known client is not new");
    host.clock.pass(DAY_MS);
    assert.equal(await ask("d", "192.0.2.1"), "activated");
  });

  it("do not hold an exempt network", async () => {
    const host = await testHost({
      requestsPerMinute: 1,
      burst: 1,
      newClientsPerDay: 1,
      isExempt: (address) => address.startsWith("10."),
    });
    for (const name of ["a", "b", "c"]) {
      const token = await host.request(signerOf(name), { product: SERVER.id });
      await host.activation.activate(token, "10.1.2.3");
    }
    host.limits.giveBackNewClient("10.1.2.3");
  });
});

describe("a crowded host", () => {
  it("refuses a source over its rate before it checks a signature", async () => {
    const host = await testHost({ requestsPerMinute: 1, burst: 60 });
    const tokens = await Promise.all(
      Array.from({ length: 60 }, (_, n) => host.request(signerOf(`c${n}`))),
    );
    const [one, other] = [await forged(host), await forged(host)];
    const crowd = tokens.map((token) => outcome(host.activation.activate(token, "192.0.2.1")));
    const calls = host.verifier.calls;
    const late = host.activation.activate(one, "192.0.2.1");
    const calm = host.activation.activate(other, "192.0.2.2");
    assert.equal((await refusalOf(late)).code, "rate-limited");
    assert.equal((await refusalOf(calm)).code, "bad-signature");
    await Promise.all(crowd);
    assert.equal(calls, 16, "no more checks at once than the thread pool can bear");
    assert.equal(host.verifier.calls, 61);
  });

  it("sheds what it could not do in time, with ten seconds to wait and nothing counted", async () => {
    const host = await testHost();
    host.store.hold();
    const first = await Promise.all(
      Array.from({ length: 40 }, (_, n) => host.request(signerOf(`c${n}`))),
    );
    const waiting = first.map((token) => outcome(host.activation.activate(token, "192.0.2.1")));
    while (host.store.waiting < 40) await settled();
    host.clock.pass(MINUTE_MS);
    const shed = host.activation.activate(await host.request(client), "192.0.2.1");
    const { type, status, retryAfterSeconds } = await problemOf(shed);
    assert.deepEqual([type, status], ["urn:kms-box:problem:overloaded", 503]);
    assert.equal(retryAfterSeconds, 10);
    assert.equal(host.store.ledger.clients, 40);
    host.store.release();
    await Promise.all(waiting);
    assert.equal(
      await outcome(host.activation.activate(await host.request(client), "192.0.2.1")),
      "activated",
    );
  });
});

async function forged(host: TestHost): Promise<string> {
  const token = await host.request(client);
  return `${token.slice(0, -86)}${"A".repeat(86)}`;
}
