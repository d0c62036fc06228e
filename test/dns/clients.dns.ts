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
});

/** Resolves once the agent was activated by the host on that port. */
async function said(agent: RunningProgram, port: number): Promise<void> {
  for await (const line of agent.lines()) {
    if (line.includes(`:${port}`) || line.includes(`"port":${port}`)) return;
  }
  throw new Error(`The agent ended: ${agent.stdout}${agent.stderr}`);
}
