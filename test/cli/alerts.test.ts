import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { alertLines, testLines } from "../../src/cli/box/alert-lines.ts";
import type { AlertsAnswer, AlertsTest } from "../../src/web/api/alert-schemas.ts";
import { BoxProcess, runProgram, temporaryFolder } from "../support/box-process.ts";
import { parseExposition, seriesValue } from "../support/prometheus-text.ts";
import { WebhookReceiver } from "../support/webhook-receiver.ts";

/** Where a box serves its page. */
async function pagePort({ program }: BoxProcess): Promise<number> {
  for await (const line of program.lines()) {
    const { event, scheme, port } = JSON.parse(line) as Record<string, unknown>;
    if (event === "web-serving" && scheme === "http") return Number(port);
  }
  throw new Error("the box ended before it served its page");
}

describe("a box with alerts and metrics", function () {
  this.timeout(60_000);
  let folder: string;
  let receiver: WebhookReceiver;
  let box: BoxProcess | undefined;

  beforeEach(async () => {
    folder = await temporaryFolder();
    receiver = new WebhookReceiver();
    await receiver.start();
  });
  afterEach(async () => {
    await box?.stop();
    box = undefined;
    await receiver.stop();
    await rm(folder, { recursive: true });
  });

  async function start(config: object, ...more: string[]): Promise<BoxProcess> {
    const file = join(folder, "config.json");
    await writeFile(file, JSON.stringify(config));
    const data = join(folder, "data");
    const ports = ["--web-port", "0", "--https-port", "0"];
    box = await BoxProcess.start({
      data,
      demo: true,
      web: true,
      args: ["--config", file, "--no-dns", ...ports, ...more],
    });
    return box;
  }
  const alerts = (...words: string[]) =>
    runProgram("kms-box", ["alerts", ...words, "--data", join(folder, "data")]);
  const trusted = { clock: { trust: "system" } };

  it("sends a test to everybody, and says who took it", async () => {
    const gone = new WebhookReceiver();
    await gone.start();
    const away = gone.url();
    await gone.stop();
    const webhooks = [{ url: receiver.url() }, { url: away, kinds: ["dns-lost"] }];
    await start({ ...trusted, alerts: { webhooks } });
    const tested = await alerts("test", "--json");
    assert.equal(tested.status, 1);
    const { targets } = tested.json<AlertsTest>();
    assert.deepEqual(
      targets.map(({ kind, taken, code }) => [kind, taken, code]),
      [
        ["webhook", true, null],
        ["webhook", false, "unreachable"],
      ],
    );
    const { type, data } = JSON.parse(receiver.received[0]?.body ?? "");
    assert.equal(type, "alert.test");
    assert.equal(data.box.host.length, 43);
    const status = await alerts("status");
    assert.equal(status.status, 0, status.stderr);
    assert.match(status.stdout, /^Nothing is wrong\.\n\n✓ webhook 1 \(127\.0\.0\.1:\d+\): /);
  });

  it("says what to configure where nobody is told, and that nobody is told", async () => {
    await start(trusted);
    const tested = await alerts("test");
    assert.equal(tested.status, 1);
    assert.match(tested.stdout, /^Nobody is told\. Name somebody in the configuration/);
    assert.equal((await alerts("status")).status, 0);
  });

  it("tells Prometheus how it is, on the page's port, unless it is not to", async () => {
    const port = await pagePort(await start(trusted));
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
    assert.equal(answer.status, 200);
    const families = parseExposition(await answer.text());
    assert.equal(seriesValue(families, "kms_box_healthy"), 1);
    assert.equal(seriesValue(families, "kms_box_alerts_raised", { kind: "dns-lost" }), 0);
    assert.ok((seriesValue(families, "kms_box_store_journal_bytes") ?? 0) > 0);
    await box?.stop();
    const silent = await pagePort(await start({ ...trusted, metrics: { enabled: false } }));
    assert.equal((await fetch(`http://127.0.0.1:${silent}/metrics`)).status, 404);
  });

  it("refuses what cannot work, all at once, and repeats no URL", async () => {
    const file = join(folder, "config.json");
    const webhooks = [
      { url: "ftp://hook.test/s3cret" },
      { url: "s3cret" },
      { url: 5 },
      { url: "https://u:s3cret@hook.test/" },
      { url: "http://hook.test/", caFile: "x" },
    ];
    const mail = {
      host: "mail.test",
      from: "a@b\nBcc: c@d",
      to: ["no"],
      user: "u",
      security: "none",
    };
    for (const [wrong, faults] of [
      [{ webhooks: webhooks.filter(({ url }) => url !== 5) }, 4],
      [{ webhooks: [{ url: 5 }] }, 1],
      [{ webhooks: [{ url: `https://hook.test/s3cret${"x".repeat(3000)}` }] }, 1],
      [{ mail }, 4],
      [{ mail: { from: "a@b.test" } }, 1],
      [{ webhooks: [{ url: "https://a.test/", kinds: ["none"] }] }, 1],
    ] as const) {
      await writeFile(file, JSON.stringify({ alerts: wrong }));
      const { status, stderr } = await runProgram("kms-box", ["serve", "--config", file]);
      assert.equal(status, 2, stderr);
      assert.equal(stderr.match(/^ {2}- /gm)?.length, faults, stderr);
      assert.ok(!stderr.includes("s3cret"), stderr);
    }
  });
});

describe("what kms-box alerts shows", () => {
  const TARGET: AlertsAnswer["targets"][number] = {
    target: "webhook 1 (hook.test)",
    kind: "webhook",
    waiting: 0,
    code: null,
    reason: null,
    retrySeconds: 0,
  };

  it("is what is wrong, what to do, and who could not be told", () => {
    const lines = alertLines({
      raised: [
        {
          key: "voltage-low",
          kind: "voltage-low",
          severity: "warning",
          since: "2025-01-06T08:00:00.000Z",
          told: "2025-01-06T08:01:00.000Z",
          sentence: "The supply voltage is too low.",
          remedy: "Use another.",
        },
      ],
      queued: 2,
      targets: [
        TARGET,
        { ...TARGET, waiting: 1 },
        { ...TARGET, waiting: 2, code: "timeout", reason: "It is slow.", retrySeconds: 120 },
      ],
    });
    assert.deepEqual(lines.slice(0, 2), [
      "warning: The supply voltage is too low.",
      "  Use another.",
    ]);
    assert.match(lines[2] ?? "", /^ {2}Since .*; last told .*\.$/);
    assert.deepEqual(lines.slice(4), [
      "✓ webhook 1 (hook.test): has been told everything.",
      "✓ webhook 1 (hook.test): 1 waits.",
      "✗ webhook 1 (hook.test): It is slow. 2 wait. Tried again in 2 minutes.",
    ]);
  });

  it("is what became of a test", () => {
    const test = { target: "mail by mail.test", kind: "mail" as const, tookMs: 12 };
    const lines = testLines({
      targets: [
        { ...test, taken: true, said: "taken for it@x.test", code: null, reason: null },
        { ...test, taken: false, said: null, code: "refused", reason: "It says no." },
      ],
    });
    assert.deepEqual(lines, [
      "✓ mail by mail.test: taken for it@x.test (12 ms)",
      "✗ mail by mail.test: It says no.",
    ]);
  });
});
