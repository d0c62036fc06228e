import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type Answer, BoxProcess, runProgram, temporaryFolder } from "../support/box-process.ts";

const CLIENTS = 25;
/** Processes that run at the same time, where their order does not matter. */
const AT_ONCE = 4;

describe("25 kms-client processes and one kms-box serve", () => {
  let box: BoxProcess;
  let states: string;

  before(async function () {
    this.timeout(20_000);
    states = await temporaryFolder();
    box = await BoxProcess.start({ demo: true });
  });

  after(async () => {
    await box.stop();
    await rm(states, { recursive: true });
  });

  it("are refused up to the 24th, activated from the 25th on, and then all", async function () {
    this.timeout(120_000);
    const first = await runAll(CLIENTS - 1);
    assert.deepEqual(
      first.map(({ status }) => status),
      Array(CLIENTS - 1).fill(3),
    );
    assert.deepEqual(await productOf(box), { count: CLIENTS - 1, activating: false });

    const last = await activate(CLIENTS - 1);
    assert.equal(last.status, 0, last.stdout + last.stderr);
    assert.deepEqual(await productOf(box), { count: CLIENTS, activating: true });

    const again = await runAll(CLIENTS);
    assert.deepEqual(
      again.map(({ status }) => status),
      Array(CLIENTS).fill(0),
    );
    assert.deepEqual(await productOf(box), { count: CLIENTS, activating: true });
  });

  it("each hold a lease that verifies offline", async function () {
    this.timeout(20_000);
    await box.stop();
    const state = join(states, "0");
    const verified = await runProgram("kms-client", ["verify", "--state", state], environment(0));
    assert.equal(verified.status, 0, verified.stdout + verified.stderr);
  });

  async function runAll(clients: number): Promise<Answer[]> {
    const answers: Answer[] = [];
    const left = Array.from({ length: clients }, (_, i) => i).values();
    const work = async (): Promise<void> => {
      for (const i of left) answers[i] = await activate(i);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return answers;
  }

  function activate(i: number): Promise<Answer> {
    const vendorKey = join(box.data, "demo-vendor", "vendor.pub.jwk");
    return runProgram(
      "kms-client",
      ["activate", "--product", "demo-office", "--host", box.address].concat([
        "--vendor-key",
        vendorKey,
        "--state",
        join(states, String(i)),
      ]),
      environment(i),
    );
  }
});

/** Each process believes to be on a machine of its own. */
function environment(i: number): { env: Record<string, string> } {
  return { env: { KMS_CLIENT_MACHINE_ID: `machine ${i}` } };
}

async function productOf(box: BoxProcess): Promise<{ count: number; activating: boolean }> {
  const { products } = (
    await runProgram("kms-box", ["status", "--data", box.data, "--json"])
  ).json<{ products: { count: number; activating: boolean }[] }>();
  const [product] = products;
  assert.ok(product);
  return { count: product.count, activating: product.activating };
}
