import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AdminClient } from "../../src/cli/box/admin-client.ts";
import { sha256 } from "../../src/platform/ed25519.ts";
import { keyNames } from "../../src/protocol/thumbprint.ts";
import { BoxProcess, RunningProgram, temporaryFolder } from "../support/box-process.ts";
import { productOf, VendorFixture } from "../support/licence-rig.ts";
import { Fleet } from "./fleet.ts";
import { HttpConnection } from "./http-connection.ts";

const ROUNDS = 40;
const CLIENTS = 20;
/** By turns, so that kills come before the request is on flash and after it. */
const KILL_WITHIN_MS = [5, 60];
/** The next start is killed as well, about when it finishes the reset. */
const KILL_START_FROM_MS = 150;
const KILL_START_WITHIN_MS = 350;

interface Identity {
  readonly host: string;
  readonly clients: number;
  readonly licences: number;
}

describe("a box killed in the middle of a factory reset", () => {
  let scratch: string;
  let fleet: Fleet;
  let vendor: VendorFixture;

  before(async () => {
    scratch = await temporaryFolder();
    fleet = await Fleet.make(CLIENTS);
    vendor = await VendorFixture.create("Example Software");
  });

  after(() => rm(scratch, { recursive: true }));

  it(`is the old box or a new one, ${ROUNDS} times over`, async function () {
    this.timeout(10 * 60_000);
    const data = join(scratch, "data");
    const client = new AdminClient(data);
    const seen = { untouched: 0, unasked: 0, accepted: 0 };
    let box = await BoxProcess.start({ data });
    for (let round = 0; round < ROUNDS; round++) {
      const old = await inUse(box, client);
      const accepted = client.factoryReset().then(
        () => true,
        () => false,
      );
      await sleep(Math.random() * (KILL_WITHIN_MS[round % KILL_WITHIN_MS.length] ?? 0));
      await box.stop("SIGKILL");
      if (round % 4 >= 2) await killedStart(data);

      box = await BoxProcess.start({ data });
      const found = await identityOf(client);
      if (found.host === old.host) {
        assert.deepEqual(found, old, "half of the box is gone");
        assert.equal(await accepted, false, "the reset was accepted and forgotten");
        seen.untouched++;
      } else {
        assert.deepEqual({ ...found, host: "" }, { host: "", clients: 0, licences: 0 });
        seen[(await accepted) ? "accepted" : "unasked"]++;
      }
    }
    await box.stop();
    const { untouched, unasked, accepted } = seen;
    console.log(
      `      ${untouched} untouched, ${accepted} reset as answered, ${unasked} reset before the answer`,
    );
    assert.ok(
      untouched > 0 && accepted > 0,
      "kills must come before the request is kept and after",
    );
  });

  /** A box with a licence and clients, made so if it is a new one. */
  async function inUse(box: BoxProcess, client: AdminClient): Promise<Identity> {
    const found = await identityOf(client);
    if (found.licences > 0) return found;
    const publicJwk = await client.licenceRequest();
    const { thumbprint } = keyNames(publicJwk, sha256);
    const token = await vendor.licence({ publicJwk, thumbprint }, [productOf("demo-office")]);
    await client.installLicence({ token, addVendor: false });
    const connection = await HttpConnection.open(box.port);
    for (const request of await fleet.requests(Math.floor(Date.now() / 1000))) {
      assert.equal((await connection.activate(request)).status, 409);
    }
    connection.close();
    const made = await identityOf(client);
    assert.deepEqual({ ...made, host: "" }, { host: "", clients: CLIENTS, licences: 1 });
    return made;
  }
});

async function identityOf(client: AdminClient): Promise<Identity> {
  const [{ host, clients }, { licences }] = await Promise.all([client.status(), client.licences()]);
  return { host, clients, licences: licences.length };
}

async function killedStart(data: string): Promise<void> {
  const args = [
    "serve",
    "--data",
    data,
    "--bind",
    "127.0.0.1",
    "--port",
    "0",
    "--no-web",
    "--json",
  ];
  const starting = new RunningProgram("kms-box", args);
  await sleep(KILL_START_FROM_MS + Math.random() * KILL_START_WITHIN_MS);
  starting.child.kill("SIGKILL");
  await starting.ended();
}
