import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { Bind } from "../support/bind.ts";
import { RunningProgram, runProgram, temporaryFolder } from "../support/box-process.ts";
import { DnsBox } from "../support/dns-box.ts";
import { DOMAIN } from "../support/dns-registrations.ts";

const PRODUCT = "demo-office";

describe("clients that know a name server only", function () {
  this.timeout(180_000);
  let bind: Bind;
  let folder: string;
  let box: DnsBox;

  before(async function () {
    this.timeout(300_000);
    folder = await temporaryFolder();
    bind = await Bind.start({
      keys: ["kms-updater"],
      zones: [{ domain: DOMAIN, grants: ["grant kms-updater zonesub ANY"] }],
    });
  });
  after(async () => {
    await box?.process.stop("SIGKILL");
    await bind.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function start(host: string): Promise<void> {
    box = await DnsBox.start({
      data: join(folder, "box"),
      demo: true,
      // Clients of the agent renew every minute.
      policy: { activationThreshold: 1, renewalIntervalMinutes: 1, retryIntervalMinutes: 1 },
      dns: {
        host: `${host}.${DOMAIN}`,
        ttlSeconds: 30,
        domains: [
          { domain: DOMAIN, server: bind.address, tsigKeyFile: bind.keyFile("kms-updater") },
        ],
      },
    });
    await box.reaches("published");
  }
  const options = (client: number) => [
    ...["--product", PRODUCT, "--state", join(folder, `client-${client}`)],
    ...["--vendor-key", join(folder, "box", "demo-vendor", "vendor.pub.jwk"), "--json"],
    ...["--domain", DOMAIN, "--dns-server", bind.address],
  ];
  const env = (client: number) => ({ KMS_CLIENT_MACHINE_ID: `machine ${client}` });
  const activate = (client: number) =>
    runProgram("kms-client", ["activate", ...options(client)], { env: env(client) });

  it("find the box, are activated, and follow it to another name and port", async () => {
    await start("kms");
    const clients = [1, 2, 3];
    for (const answer of await Promise.all(clients.map(activate))) {
      assert.equal(answer.status, 0, answer.stdout + answer.stderr);
    }
    const agent = new RunningProgram("kms-client", ["run", ...options(4)], env(4));
    await said(agent, box.port);

    await box.process.stop();
    const before = box.port;
    await start("moved");
    assert.notEqual(box.port, before);
    for (const answer of await Promise.all(clients.map(activate))) {
      assert.equal(answer.status, 0, answer.stdout + answer.stderr);
      assert.ok(answer.stdout.includes(`moved.${DOMAIN}`), answer.stdout);
    }
    await said(agent, box.port);
    agent.child.kill("SIGTERM");
    assert.equal(await agent.ended(), 0);
    assert.equal((await box.admin.status()).clients, 4);
  });

  it("find the one host that answers among a hundred records, some of which name none", async () => {
    const name = "_many._tcp";
    // Longer than an answer by UDP may be, so that it is asked for by TCP.
    const gone = Array.from(
      { length: 98 },
      (_, index) => `${name} SRV 20 0 1 a-host-that-is-long-gone-${index}.${DOMAIN}.`,
    );
    const lines = [`${name} SRV 0 100 0 kms.${DOMAIN}.`, ...gone];
    const many = await Bind.start({
      keys: [],
      zones: [
        {
          domain: DOMAIN,
          grants: [],
          records: [...lines, `${name} SRV 10 0 ${box.port} here.${DOMAIN}.`, "here A 127.0.0.1"],
        },
        { domain: "none.test", grants: [], records: [`${name} SRV 0 0 0 .`] },
      ],
    });
    try {
      const found = ["--service", "_many", "--dns-server", many.address, "--no-mdns", "--json"];
      const discover = (domain: string) =>
        runProgram("kms-client", ["discover", "--domain", domain, ...found]);
      const discovered = await discover(DOMAIN);
      assert.equal(discovered.status, 0, discovered.stdout);
      const { hosts, asked } = JSON.parse(discovered.stdout);
      assert.deepEqual([asked[0].found, hosts.length], [99, 16]);
      assert.equal(hosts[0].address, `here.${DOMAIN}:${box.port}`);
      assert.ok("host" in hosts[0].answer, discovered.stdout);
      const nowhere = await discover("none.test");
      assert.equal(nowhere.status, 4);
      assert.match(nowhere.stdout, /says that there is no host/);
    } finally {
      await many.stop();
    }
  });
});

/** Resolves once the agent was activated by the host on that port. */
async function said(agent: RunningProgram, port: number): Promise<void> {
  for await (const line of agent.lines()) {
    if (line.includes(`:${port}`) || line.includes(`"port":${port}`)) return;
  }
  throw new Error(`The agent ended: ${agent.stdout}${agent.stderr}`);
}
