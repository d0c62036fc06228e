import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { adminSocketPath } from "../../src/adapters/system/socket-path.ts";
import { AdminClient } from "../../src/cli/box/admin-client.ts";
import { runDemo } from "../../src/cli/box/demo/run-demo.ts";
import { boxFolder } from "../../src/cli/box/options.ts";
import { BoxProcess, RunningProgram, runProgram, temporaryFolder } from "../support/box-process.ts";

const QUIET = { pauseMs: 0, product: undefined, processes: false, fresh: false, quiet: true };

interface ClientList {
  readonly total: number;
  readonly clients: readonly { readonly hostname: string; readonly daysLeft: number | null }[];
}

describe("kms-box on a running box", () => {
  let box: BoxProcess;

  before(async () => {
    box = await BoxProcess.start({ demo: true });
    await runDemo(box.data, { ...QUIET, clients: 12 });
  });

  after(() => box.stop());

  const ask = (command: string, ...args: string[]) =>
    runProgram("kms-box", [command, "--data", box.data, ...args]);

  it("shows the count against the threshold", async () => {
    const { status, stdout } = await ask("status");
    assert.equal(status, 0);
    assert.match(stdout, new RegExp(`Address +${box.address}\n`));
    assert.match(stdout, /Health +good\n/);
    assert.match(stdout, /PRODUCT +NAME +COUNT +THRESHOLD +ACTIVATES\n/);
    assert.match(stdout, /demo-office .* 12 +25 +no, 13 more must ask\n$/);
  });

  it("tells the same as JSON, finding the box by its variable", async () => {
    const answer = await runProgram("kms-box", ["status", "--json"], {
      env: { KMS_BOX_DATA: box.data },
    });
    const { products, address } = answer.json<{ products: unknown; address: string }>();
    assert.equal(address, box.address);
    assert.deepEqual(products, [
      {
        id: "demo-office",
        name: "Demonstration product",
        application: "demo",
        threshold: 25,
        count: 12,
        activating: false,
      },
    ]);
  });

  it("lists the clients", async () => {
    const { stdout } = await ask("clients");
    const lines = stdout.split("\n");
    assert.match(String(lines[0]), /^HOST NAME +CMID +PRODUCT +FIRST CONTACT +LAST CONTACT +DAYS/);
    const uuid = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    const time = "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d";
    const row = `^DEMO-PC-01 +${uuid} +demo-office +${time} +${time} +not activated$`;
    assert.match(String(lines[1]), new RegExp(row));
    assert.match(stdout, /\n12 clients\n$/);
  });

  it("sorts, searches and limits them", async () => {
    const sorted = await ask("clients", "--order", "desc", "--limit", "2", "--json");
    const { total, clients } = sorted.json<ClientList>();
    assert.equal(total, 12);
    assert.deepEqual(
      clients.map(({ hostname }) => hostname),
      ["DEMO-PC-12", "DEMO-PC-11"],
    );
    assert.equal(clients[0]?.daysLeft, null);
    const found = await ask("clients", "--search", "pc-07");
    assert.match(found.stdout, /DEMO-PC-07 .*\n\n1 client\n$/);
    assert.equal((await ask("clients", "--product", "other")).stdout, "No client matches.\n");
  });

  it("shows the events, newest last, and by name", async () => {
    const all = await ask("events", "--limit", "2");
    assert.equal(all.stdout.split("\n").length, 3);
    assert.match(all.stdout, /request-received .*DEMO-PC-12 is counted.*\n$/);
    const some = await ask("events", "--name", "request-received", "--search", "pc-03", "--json");
    const { events } = some.json<{ events: { name: string; message: string }[] }>();
    assert.equal(events.length, 1);
    assert.match(String(events[0]?.message), /DEMO-PC-03/);
  });

  it("writes one document for each change while it is watched into a pipe", async () => {
    const status = new RunningProgram("kms-box", [
      "status",
      "--data",
      box.data,
      "--watch",
      "--json",
    ]);
    const events = new RunningProgram("kms-box", ["events", "--data", box.data, "--watch"]);
    const counts: number[] = [];
    for await (const line of status.lines()) {
      counts.push(JSON.parse(line).products[0].count);
      if (counts.length === 1) await runDemo(box.data, { ...QUIET, clients: 14 });
      if (counts.at(-1) === 14) break;
    }
    assert.deepEqual([counts[0], counts.at(-1)], [12, 14]);
    for await (const line of events.lines()) if (line.includes("DEMO-PC-14")) break;
    status.child.kill("SIGINT");
    events.child.kill("SIGTERM");
    assert.deepEqual([await status.ended(), await events.ended()], [0, 0]);
  });

  it("leaves quietly when nobody reads any longer", async () => {
    const events = new RunningProgram("kms-box", ["events", "--data", box.data, "--watch"]);
    for await (const line of events.lines()) if (line !== "") break;
    events.child.stdout.destroy();
    await runDemo(box.data, { ...QUIET, clients: 1 });
    assert.equal(await events.ended(), 0);
    assert.equal(events.stderr, "");
  });

  it("ends with 2 for values that an option does not take", async () => {
    const [sort, limit] = await Promise.all([
      ask("clients", "--sort", "colour"),
      ask("clients", "--limit", "0", "--json"),
    ]);
    assert.deepEqual([sort.status, limit.status], [2, 2]);
    assert.match(sort.stderr, /Allowed choices are hostname, cmid/);
    assert.equal(limit.json<{ error: { code: string } }>().error.code, "usage");
  });
});

describe("kms-box without a box", () => {
  let folder: string;
  let server: Server | undefined;

  before(async () => {
    folder = await temporaryFolder();
  });

  after(async () => {
    server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("says that no box runs, and ends with 1", async () => {
    const answer = await runProgram("kms-box", ["status", "--data", folder, "--json"]);
    assert.equal(answer.status, 1);
    const { error } = answer.json<{ error: { code: string; message: string } }>();
    assert.equal(error.code, "box-not-running");
    assert.match(error.message, /No box runs on .*kms-box serve/);
  });

  it("ends with 2 when the configuration cannot be used", async () => {
    const config = join(folder, "config.json");
    await writeFile(config, '{"port": "many"}');
    const answer = await runProgram("kms-box", ["clients", "--config", config]);
    assert.equal(answer.status, 2);
    assert.match(answer.stderr, /^Error: The configuration cannot be used:/);
  });

  it("takes the folder from the configuration file, below flag and variable", async () => {
    const config = join(folder, "box.json");
    await writeFile(config, '{"data": "from-file"}');
    assert.equal(await boxFolder({ config }, {}), "from-file");
    assert.equal(await boxFolder({ config, data: "from-flag" }, {}), "from-flag");
    assert.equal(await boxFolder({}, { KMS_BOX_DATA: "from-variable" }), "from-variable");
    assert.equal(await boxFolder({}, {}), "kms-box-data");
    await assert.rejects(boxFolder({ data: "" }, {}), { code: "config-invalid" });
  });

  it("tells a box that answers wrongly from one that is not there", async () => {
    const path = adminSocketPath(folder);
    server = createServer((_request, response) => response.end("no JSON"));
    server.listen(path);
    await sleep(50);
    const client = new AdminClient(folder);
    await assert.rejects(client.status(), { code: "box-not-answering", message: /restart it/ });
    server.removeAllListeners("request");
    server.on("request", (_request, response) => response.writeHead(500).end("{}"));
    await assert.rejects(client.events({}), { code: "refused", message: "Status 500." });
  });
});
