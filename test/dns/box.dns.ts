import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Bind } from "../support/bind.ts";
import { runProgram, temporaryFolder } from "../support/box-process.ts";
import { DnsBox, until } from "../support/dns-box.ts";
import { DOMAIN, SRV_NAME } from "../support/dns-registrations.ts";
import { silentServer } from "../support/silent-server.ts";

const CHECK_SECONDS = 5;
const BRANCH = "_vlmcs._tcp.branch.test";

describe("a box that publishes itself", function () {
  this.timeout(60_000);
  let bind: Bind;
  let folder: string;
  let boxes: DnsBox[];
  let number = 0;

  before(async function () {
    this.timeout(300_000);
    folder = await temporaryFolder();
    bind = await Bind.start({
      keys: ["kms-updater", "branch", "address-only"],
      zones: [
        {
          domain: DOMAIN,
          grants: [
            "grant kms-updater zonesub ANY",
            `grant address-only name kms.${DOMAIN}. A AAAA`,
          ],
        },
        { domain: "branch.test", grants: ["grant branch zonesub ANY"] },
      ],
    });
  });
  after(async () => {
    await bind.stop();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    boxes = [];
    number++;
  });
  afterEach(async function () {
    await Promise.all(boxes.map((box) => box.process.stop("SIGKILL")));
    if (this.currentTest?.state === "failed") console.error(bind.log);
    await bind.administer(DOMAIN, `update delete ${SRV_NAME}. SRV`, `update delete kms.${DOMAIN}.`);
    await bind.administer("branch.test", `update delete ${BRANCH}. SRV`);
  });

  const office = (overrides: object = {}) => ({
    domain: DOMAIN,
    server: bind.address,
    tsigKeyFile: bind.keyFile("kms-updater"),
    ...overrides,
  });
  async function start(
    dns: object = {},
    data = join(folder, `box-${number}-${boxes.length}`),
    args: readonly string[] = [],
  ) {
    const settings = {
      host: `kms.${DOMAIN}`,
      checkSeconds: CHECK_SECONDS,
      domains: [office()],
      ...dns,
    };
    const box = await DnsBox.start({ data, dns: settings, args });
    boxes.push(box);
    return box;
  }
  const ours = ({ port }: DnsBox, overrides: object = {}) => ({
    target: `kms.${DOMAIN}`,
    port,
    priority: 0,
    weight: 100,
    ...overrides,
  });
  const dnsCommand = (box: DnsBox, ...args: string[]) =>
    runProgram("kms-box", ["dns", ...args, "--data", box.process.data, "--json"]);

  it("can be found as soon as it serves, and says so", async () => {
    const box = await start();
    const domain = await box.reaches("published");
    assert.deepEqual(await bind.srv(SRV_NAME), [ours(box)]);
    assert.deepEqual(await bind.addresses(`kms.${DOMAIN}`), ["127.0.0.1"]);
    assert.deepEqual([domain.server, domain.rivals], [`127.0.0.1#${bind.port}`, []]);
    await until(async () => box.events("dns-published").length === 1, "no event tells of it");
    const status = await dnsCommand(box, "status");
    assert.equal(status.status, 0);
    const text = await runProgram("kms-box", ["dns", "status", "--data", box.process.data]);
    assert.match(
      text.stdout,
      /State +published, since .*\nRecord +_vlmcs\._tcp\.office\.test\. 3600 IN SRV 0 100/,
    );
  });

  it("publishes in a second domain with a key of its own", async () => {
    const branch = office({ domain: "branch.test", tsigKeyFile: bind.keyFile("branch") });
    const box = await start({ domains: [office(), branch] });
    await until(async () => (await bind.srv(BRANCH)).length === 1, "branch.test has no record");
    assert.deepEqual(await bind.srv(BRANCH), [ours(box)]);
    await box.reaches("published");
  });

  it("says what is wrong with a key, and tells it once", async () => {
    const box = await start({ domains: [office({ tsigKeyFile: bind.keyFile("branch") })] });
    const { code, reason } = await box.reaches("failed");
    assert.equal(code, "server-refused");
    assert.match(reason ?? "", /allow this key/);
    await dnsCommand(box, "publish");
    const status = await dnsCommand(box, "status");
    assert.equal(status.status, 1);
    assert.equal(box.events("dns-failed").length, 1);
    assert.deepEqual(await bind.srv(SRV_NAME), []);
  });

  it("does not forget its address where it may not write the record, also after a crash", async () => {
    const domains = [office({ tsigKeyFile: bind.keyFile("address-only") })];
    const first = await start({ domains });
    assert.equal((await first.reaches("failed")).code, "server-refused");
    assert.deepEqual(await bind.addresses(`kms.${DOMAIN}`), ["127.0.0.1"]);
    const withdrawn = await dnsCommand(first, "withdraw");
    assert.equal(withdrawn.status, 0, withdrawn.stdout);
    assert.deepEqual(await bind.addresses(`kms.${DOMAIN}`), []);

    await dnsCommand(first, "publish");
    assert.deepEqual(await bind.addresses(`kms.${DOMAIN}`), ["127.0.0.1"]);
    await first.process.stop("SIGKILL");
    await start({ domains: [] }, first.process.data);
    const addresses = () => bind.addresses(`kms.${DOMAIN}`);
    await until(async () => (await addresses()).length === 0, "its address is left behind");
  });

  it("restores its record within the interval of its checks when it was deleted", async () => {
    const box = await start();
    await box.reaches("published");
    await bind.administer(DOMAIN, `update delete ${SRV_NAME}. SRV`);
    const startMs = performance.now();
    await until(async () => (await bind.srv(SRV_NAME)).length === 1, "it was not restored");
    assert.ok(performance.now() - startMs < CHECK_SECONDS * 1000 + 2000);
    await until(async () => box.events("dns-restored").length === 1, "no event tells of it");
  });

  it("tells that the server is down, and is published again when it is back", async () => {
    const box = await start();
    await box.reaches("published");
    await bind.quit();
    const { code } = await box.reaches("failed");
    assert.equal(code, "server-unreachable");
    await bind.serve();
    // Nobody asks it to: the first try comes after 10 s at most.
    await box.reaches("published");
    assert.equal(box.events("dns-failed").length, 1);
  });

  it("does not publish where another host is, until that one has gone", async () => {
    await bind.administer(DOMAIN, `update add ${SRV_NAME}. 300 SRV 0 0 1688 other.${DOMAIN}.`);
    const box = await start();
    const { rivals } = await box.reaches("foreign");
    assert.deepEqual(
      rivals.map(({ target }) => target),
      [`other.${DOMAIN}`],
    );
    assert.equal((await dnsCommand(box, "status")).status, 1);
    await sleep(CHECK_SECONDS * 1000 + 500);
    assert.equal(box.events("dns-rival-seen").length, 1);
    assert.equal((await bind.srv(SRV_NAME)).length, 1);
    await bind.administer(DOMAIN, `update delete ${SRV_NAME}. SRV`);
    await box.reaches("published");
    assert.deepEqual(await bind.srv(SRV_NAME), [ours(box)]);
  });

  it("publishes beside another where they may coexist, and withdraws alone", async () => {
    const one = await start({ coexist: true, domains: [office({ weight: 60 })] });
    const two = await start({
      coexist: true,
      host: `box-2.${DOMAIN}`,
      domains: [office({ weight: 40 })],
    });
    await Promise.all([one.reaches("published"), two.reaches("published")]);
    const second = ours(two, { target: `box-2.${DOMAIN}`, weight: 40 });
    assert.deepEqual(await bind.srv(SRV_NAME), [second, ours(one, { weight: 60 })]);
    const withdrawn = await dnsCommand(one, "withdraw", DOMAIN);
    assert.equal(withdrawn.status, 0, withdrawn.stdout);
    assert.deepEqual(await bind.srv(SRV_NAME), [second]);
    assert.deepEqual(await bind.addresses(`kms.${DOMAIN}`), []);
    assert.deepEqual(await bind.addresses(`box-2.${DOMAIN}`), ["127.0.0.1"]);
    await sleep(CHECK_SECONDS * 1000 + 500);
    assert.equal((await one.domain()).state, "withdrawn");
    assert.equal((await dnsCommand(one, "publish")).status, 0);
    assert.equal((await bind.srv(SRV_NAME)).length, 2);
    await dnsCommand(two, "withdraw");
  });

  it("moves to another port, name and priority, and leaves nothing behind", async () => {
    const first = await start();
    await first.reaches("published");
    assert.equal(await first.process.stop(), 0);
    assert.deepEqual(await bind.srv(SRV_NAME), [ours(first)]);
    const { data } = first.process;
    const domains = [office({ priority: 7 })];
    const second = await start({ host: `moved.${DOMAIN}`, domains }, data);
    await second.reaches("published");
    const moved = ours(second, { target: `moved.${DOMAIN}`, priority: 7 });
    assert.deepEqual(await bind.srv(SRV_NAME), [moved]);
    assert.deepEqual(await bind.addresses(`kms.${DOMAIN}`), []);
    assert.equal(await second.process.stop(), 0);

    const third = await start({ domains: [] }, data);
    await until(async () => (await bind.srv(SRV_NAME)).length === 0, "the former domain is kept");
    const addresses = () => bind.addresses(`moved.${DOMAIN}`);
    await until(async () => (await addresses()).length === 0, "its addresses are kept");
    await until(async () => (await third.admin.dns()).domains.length === 0, "it is still left");
  });

  it("withdraws at every stop if told to", async () => {
    const box = await start({ withdrawAtStop: true });
    await box.reaches("published");
    assert.equal(await box.process.stop(), 0);
    assert.deepEqual(await bind.srv(SRV_NAME), []);
    assert.equal(box.events("dns-withdrawn").length, 1);
  });

  it("withdraws before a factory reset", async () => {
    const box = await start();
    await box.reaches("published");
    const { data } = box.process;
    await runProgram("kms-box", ["reset", "--factory", "--yes", "--data", data]);
    assert.equal(await box.process.program.ended(), 75);
    assert.deepEqual(await bind.srv(SRV_NAME), []);
    assert.deepEqual(await bind.addresses(`kms.${DOMAIN}`), []);
  });

  it("stops in time although the server does not answer", async () => {
    const server = await silentServer();
    const box = await start({
      withdrawAtStop: true,
      domains: [office({ server: server.address })],
    });
    await sleep(300);
    const startMs = performance.now();
    assert.equal(await box.process.stop(), 0);
    assert.ok(performance.now() - startMs < 4500);
    await server.close();
  });

  it("tells at once that its key file is a pipe, and stops at once", async () => {
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    const box = await start({ withdrawAtStop: true, domains: [office({ tsigKeyFile: pipe })] });
    const { code, reason } = await box.reaches("failed");
    assert.equal(code, "key-unusable");
    assert.match(reason ?? "", /pipe is no file: name the key file itself/);
    const startMs = performance.now();
    assert.equal(await box.process.stop(), 0);
    assert.ok(performance.now() - startMs < 4500);
  });

  it("knows an address for its own that it wrote before the record was refused", async () => {
    const own = () => bind.addresses(`kms.${DOMAIN}`);
    const refused = [office({ tsigKeyFile: bind.keyFile("address-only") })];
    const first = await start({ domains: refused });
    assert.equal((await first.reaches("failed")).code, "server-refused");
    assert.deepEqual(await own(), ["127.0.0.1"]);
    assert.equal(await first.process.stop(), 0);
    const { data } = first.process;
    const moved = await start({}, data, ["--bind", "127.0.0.9"]);
    await moved.reaches("published");
    assert.deepEqual(await own(), ["127.0.0.9"]);
    await dnsCommand(moved, "withdraw");
    assert.deepEqual(await own(), []);
  });

  it("sets right what was made of its record, without a word", async () => {
    const box = await start();
    await box.reaches("published");
    const name = `${SRV_NAME}. 30 SRV`;
    await bind.administer(DOMAIN, `update add ${name} 0 77 ${box.port} kms.${DOMAIN}.`);
    assert.equal((await bind.srv(SRV_NAME)).length, 2);
    await until(async () => (await bind.srv(SRV_NAME)).length === 1, "it is still there twice");
    assert.deepEqual(await bind.srv(SRV_NAME), [ours(box)]);
    assert.deepEqual(
      [box.events("dns-published").length, box.events("dns-restored").length],
      [1, 0],
    );
  });
});
