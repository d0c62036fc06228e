import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { type ClientDoctorParts, examineClient } from "../../src/client/doctor/client-doctor.ts";
import { findersFor } from "../../src/client/finders.ts";
import { parseHostAddress } from "../../src/client/host-address.ts";
import { httpTransport } from "../../src/client/transport.ts";
import { ok, wrong } from "../../src/domain/doctor/finding.ts";
import type { NameServerFact } from "../../src/domain/doctor/network-facts.ts";
import type { Diagnosis } from "../../src/domain/doctor/summary.ts";
import { DEFAULT_POLICY } from "../../src/domain/policy.ts";
import { DAY_MS, HOUR_MS } from "../../src/domain/units.ts";
import { networkChecks } from "../../src/platform/network/network-checks.ts";
import type { NetworkProbes } from "../../src/ports/network-probes.ts";
import { ClientRig } from "../support/client-rig.ts";
import { FAKE_PRODUCT, FakeHost } from "../support/fake-host.ts";
import { freePort } from "../support/free-port.ts";
import { TinyDns } from "../support/tiny-dns.ts";

const NEVER = new Promise<void>(() => undefined);
const DOMAIN = "office.test";
const SRV = `_vlmcs._tcp.${DOMAIN}`;

const NO_LOOKUP = { cached: null, mdns: false, random: () => 0 };

/** A network where all is well, but for what a test says. */
function probesOf({ nameServers }: { nameServers: NameServerFact[] }): NetworkProbes {
  return {
    links: async () => [{ name: "eth0", state: "up" }],
    addresses: async () => [{ address: "192.0.2.7", device: "eth0", linkLocal: false }],
    uses: async () => [],
    routes: async () => ({ defaults: ["192.0.2.1 by eth0"], unreachableServers: [] }),
    nameServers: async () => nameServers,
  };
}

describe("the doctor of a client", () => {
  let host: FakeHost;
  let dns: TinyDns;
  let rig: ClientRig;

  beforeEach(async () => {
    [host, dns, rig] = await Promise.all([FakeHost.start(), TinyDns.start(), ClientRig.make()]);
    host.behaviour = { nowMs: () => rig.machine.wallMs };
    dns.a.set(`kms.${DOMAIN}`, "127.0.0.1");
    name(`kms.${DOMAIN}`);
  });
  afterEach(() => Promise.all([host.stop(), dns.stop(), rig.remove()]));

  function name(...targets: string[]): void {
    const records = targets.map((target) => ({ target, port: host.port, priority: 0, weight: 0 }));
    dns.srv.set(SRV, records);
  }

  async function activated(): Promise<void> {
    const client = rig.client(host.address);
    await client.install(FAKE_PRODUCT, host.vendor.publicJwk);
    await client.attempt(FAKE_PRODUCT);
  }

  async function examine(over: Partial<ClientDoctorParts> = {}): Promise<Diagnosis> {
    const settings = await rig.folder.readSettings();
    const record = await rig.folder.readRecord(FAKE_PRODUCT).catch(() => undefined);
    const cached = record?.host ?? null;
    const dnsServer = dns.address;
    const finding = { domain: DOMAIN, dnsServer, mdns: false, random: () => 0 };
    const parts: ClientDoctorParts = {
      networkChecks: () =>
        ["address", "name-servers"].map((id) => ({
          id,
          title: id,
          needs: [],
          look: () => ok("Good."),
        })),
      needsNames: true,
      finders: findersFor({ configured: null, cached, ...finding }),
      transport: httpTransport({ dnsServer, timeoutMs: 1000 }),
      folder: rig.folder,
      pinned: Object.entries(settings.products).map(([product, { vendorKey }]) => ({
        product,
        vendorKey,
      })),
      cached,
      clock: rig.machine.clock,
      policy: DEFAULT_POLICY,
      deadline: NEVER,
      ...over,
    };
    return examineClient(parts, () => undefined);
  }

  const ids = ({ findings }: Diagnosis, result: string) =>
    findings.filter((finding) => finding.result === result).map(({ id }) => id);

  it("finds everything well where it is", async () => {
    await activated();
    const diagnosis = await examine();
    assert.equal(diagnosis.summary, "Everything is well.");
    assert.deepEqual(ids(diagnosis, "ok"), [
      ...["address", "name-servers", "look-up", "hosts", `trust:${FAKE_PRODUCT}`, "clock"],
      ...["last-host", `lease:${FAKE_PRODUCT}`],
    ]);
  });

  it("says what to begin with on a new machine", async () => {
    const { summary, findings } = await examine();
    assert.match(summary, /not checked: Activation/);
    assert.match(findings.at(-1)?.nextStep ?? "", /--vendor-key vendor\.pub\.jwk/);
  });

  it("names a name server that is dead rather than what cannot be known without it", async () => {
    const nameServers = {
      id: "name-servers",
      title: "Name servers",
      needs: [],
      look: () => wrong("Dead.", "Start it."),
    };
    const diagnosis = await examine({ networkChecks: () => [nameServers] });
    assert.equal(diagnosis.summary, "Dead. Start it.");
    assert.deepEqual(ids(diagnosis, "wrong"), ["name-servers"]);
  });

  it("only warns of a dead name server where a host is reached without it, and goes on", async () => {
    const probes = probesOf({ nameServers: [{ server: "127.0.0.1", answer: "silent" }] });
    const over = (configured: string | null, needsNames: boolean): Partial<ClientDoctorParts> => ({
      networkChecks: (worksWithout) =>
        networkChecks(probes, { name: ".", needed: true, peer: "box", worksWithout }),
      needsNames,
      finders: configured
        ? findersFor({ ...NO_LOOKUP, configured: parseHostAddress(configured) })
        : findersFor({ ...NO_LOOKUP, configured: null, searchDomains: async () => [] }),
    });
    const found = await examine(over(`localhost:${host.port}`, true));
    assert.match(
      found.summary,
      /^Nothing is wrong, but: The name server 127\.0\.0\.1 does not answer; a host is reached without it\./,
    );
    assert.deepEqual(ids(found, "warning"), ["name-servers"]);
    assert.ok(["look-up", "hosts", "clock"].every((id) => ids(found, "ok").includes(id)));
    const deadHost = await examine(over(`127.0.0.1:${await freePort()}`, false));
    assert.deepEqual(ids(deadHost, "wrong"), ["hosts"]);
    const nothing = await examine(over(null, true));
    assert.deepEqual(ids(nothing, "wrong"), ["name-servers"]);
  });

  it("names a domain without a record, and what is left then", async () => {
    dns.srv.clear();
    assert.match((await examine()).summary, /No KMS host is found: \S+ has no SRV record/);
    await activated();
    const { summary } = await examine();
    assert.match(
      summary,
      /but: Only the host that worked last is known, 127\.0\.0\.1:\d+: SRV in office\.test: has no/,
    );
  });

  it("names hosts that are gone, have no address or are none", async () => {
    name("gone.office.test");
    assert.match((await examine()).summary, /gone\.office\.test:\d+ \(its name has no address\)/);
    name(`kms.${DOMAIN}`);
    host.behaviour = { answer: (_request, response) => response.end("<html>") };
    assert.match((await examine()).summary, /what answers there is not a KMS host of this kind/);
    const port = await freePort();
    const configured = parseHostAddress(`127.0.0.1:${port}`);
    const finders = findersFor({ configured, cached: null, mdns: false, random: () => 0 });
    assert.match((await examine({ finders })).summary, /\(nothing listens there\)/);
  });

  it("names a clock that is hours off", async () => {
    host.behaviour = { nowMs: () => rig.machine.wallMs - 5 * HOUR_MS };
    const diagnosis = await examine();
    assert.match(diagnosis.summary, /clock is 5 h ahead of the host .*more than 4 h is refused/);
    assert.deepEqual(ids(diagnosis, "wrong"), ["clock"]);
  });

  it("names a host that cannot activate the product, and why", async () => {
    await activated();
    const summary = async () => (await examine()).summary;
    const nowSec = Math.floor(rig.machine.wallMs / 1000);
    host.behaviour = {
      ...host.behaviour,
      licence: (claims) => ({ ...claims, nbf: nowSec - 20, exp: nowSec - 10 }),
    };
    assert.match(await summary(), /cannot activate office-suite: its licence is not valid now\./);
    host.behaviour = {
      ...host.behaviour,
      licence: (claims) => ({
        ...claims,
        products: claims.products.map((product) => ({ ...product, id: "other" })),
      }),
    };
    assert.match(await summary(), /its licence does not cover it/);
    host.behaviour = {
      ...host.behaviour,
      licence: (claims) => ({ ...claims, sub: "x".repeat(43) }),
    };
    assert.match(await summary(), /it has no licence/);
    const stranger = await FakeHost.start();
    stranger.behaviour = { nowMs: () => rig.machine.wallMs };
    dns.srv.set(SRV, [{ target: `kms.${DOMAIN}`, port: stranger.port, priority: 0, weight: 0 }]);
    assert.match(await summary(), /a licence of another vendor than the one pinned here/);
    await stranger.stop();
  });

  it("names an activation that was not renewed, has ended, or is not believed", async () => {
    await activated();
    host.behaviour = { ...host.behaviour, refuse: { name: "clock-untrusted" } };
    rig.machine.pass(10 * DAY_MS);
    await rig.client(host.address).attempt(FAKE_PRODUCT);
    const { summary } = await examine();
    assert.match(
      summary,
      /but: office-suite is activated for 170 more days\. Last attempt: \S+ refused/,
    );
    rig.machine.pass(175 * DAY_MS);
    assert.match((await examine()).summary, /^The activation of office-suite has ended/);
    const path = rig.folder.recordPath(FAKE_PRODUCT);
    const record = JSON.parse(await readFile(path, "utf8"));
    record.tokens.lease = record.tokens.lease.replace(/.{4}$/, "AAAA");
    await writeFile(path, JSON.stringify(record));
    assert.match((await examine()).summary, /^The stored lease is not believed: /);
    await writeFile(path, "{");
    assert.match((await examine()).summary, /^The stored lease is not believed: .*kms-client/s);
  });
});
