import assert from "node:assert/strict";
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BoxProcess } from "../../support/box-process.ts";
import { HttpsClient } from "../../support/https-rig.ts";

const ARGS = ["--https-port", "0", "--web-port", "0"];

/** The port at which a box says that it serves the administration. */
async function httpsPort(box: BoxProcess): Promise<number> {
  for await (const line of box.program.lines()) {
    const { event, scheme, port } = JSON.parse(line) as Record<string, unknown>;
    if (event === "web-serving" && scheme === "https") return port as number;
  }
  throw new Error("The box ended before it served the administration.");
}

describe("a box with its administration", function () {
  this.timeout(20_000);
  let box: BoxProcess;
  before(async () => {
    box = await BoxProcess.start({ web: true, args: ARGS });
  });
  after(() => box.stop());

  it("makes a certificate at its first start, keeps it, and makes another of a damaged one", async () => {
    const path = (name: string) => join(box.data, name);
    const port = await httpsPort(box);
    const { status, body } = await new HttpsClient(port).call("GET", "/api/v1/session");
    assert.deepEqual([status, body.claimed], [200, false]);
    assert.equal((await stat(path("web.key"))).mode & 0o777, 0o600);
    const made = await readFile(path("web.crt"), "utf8");

    const { data } = box;
    box.program.child.kill("SIGTERM");
    await box.program.ended();
    const again = await BoxProcess.start({ data, web: true, args: ARGS });
    await httpsPort(again);
    assert.equal(await readFile(path("web.crt"), "utf8"), made);
    again.program.child.kill("SIGTERM");
    await again.program.ended();

    await writeFile(path("web.crt"), made.replace("MII", "MIX"));
    const repaired = await BoxProcess.start({ data, web: true, args: ARGS });
    const { body: session } = await new HttpsClient(await httpsPort(repaired)).call(
      "GET",
      "/api/v1/session",
    );
    assert.equal(session.claimed, false);
    assert.match(repaired.program.stdout, /"reason":"damaged"/);
    repaired.program.child.kill("SIGTERM");
    await repaired.program.ended();
  });
});
