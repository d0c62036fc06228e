import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { type IncomingMessage, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { AdminClient } from "../../../src/cli/box/admin-client.ts";
import { runDemo } from "../../../src/cli/box/demo/run-demo.ts";
import { BoxProcess, runProgram } from "../../support/box-process.ts";

const QUIET = { pauseMs: 0, product: undefined, processes: false, fresh: false, quiet: true };
const PASSPHRASE = "correct horse battery staple";
const FILE = "application/octet-stream";

interface Answer {
  readonly status: number | undefined;
  readonly body: Buffer;
  readonly json: Record<string, unknown>;
}

describe("backup and restore of a running box", function () {
  this.timeout(120_000);
  let folder: string;
  let box: BoxProcess;
  let backup: Buffer;
  const start = (name: string, demo: boolean) =>
    BoxProcess.start({
      data: join(folder, name),
      demo,
      args: ["--no-web", "--no-dns", "--no-panel"],
    });

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "kms-box-restore-"));
    box = await start("old", true);
    await runDemo(box.data, { ...QUIET, clients: 30 });
    await new AdminClient(box.data).changeSettings({ "display.contrast": 9 });
  });
  after(async () => {
    await box.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function call(
    to: BoxProcess,
    method: string,
    path: string,
    body?: object | Uint8Array,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const isFile = body instanceof Uint8Array;
    const bytes = isFile ? body : Buffer.from(body ? JSON.stringify(body) : "");
    const type = isFile ? FILE : "application/json";
    const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = request(
        {
          socketPath: to.socketPath,
          method,
          path: `/api/v1/${path}`,
          headers: { ...(body && { "content-type": type }), ...headers },
        },
        resolve,
      );
      sent.on("error", reject);
      if (body) sent.setHeader("content-length", headers["content-length"] ?? bytes.length);
      sent.end(body ? bytes : undefined);
    });
    const answered = await buffer(incoming);
    const isJson = incoming.headers["content-type"]?.startsWith("application/json");
    return {
      status: incoming.statusCode,
      body: answered,
      json: isJson ? JSON.parse(answered.toString()) : {},
    };
  }
  const codeOf = ({ status, json }: Answer) => [status, (json.error as { code: string }).code];
  const uploadTo = async (to: BoxProcess, bytes: Uint8Array) =>
    String((await call(to, "POST", "restore", bytes)).json.upload);

  it("hands out the box as an encrypted file, one at a time", async () => {
    const both = await Promise.all([
      call(box, "POST", "backups", { passphrase: PASSPHRASE }),
      call(box, "POST", "backups", { passphrase: PASSPHRASE }),
    ]);
    const [made, busy] = both.toSorted((a, b) => (a.status ?? 0) - (b.status ?? 0));
    assert.ok(made && busy);
    assert.equal(made.status, 200);
    assert.deepEqual(codeOf(busy), [409, "backup-busy"]);
    backup = made.body;
    const file = join(folder, "kms.age");
    await writeFile(file, backup);
    const inspected = await runProgram("kms-box", ["backup", "inspect", file, "--json"], {
      input: PASSPHRASE,
    });
    assert.equal(inspected.json().clients, 30, inspected.stdout);
    const { events } = await new AdminClient(box.data).events({ name: "backup-made" });
    assert.equal(events[0]?.details.bytes, backup.length);
    assert.ok(!box.program.stdout.includes(PASSPHRASE));
  });

  it("refuses a passphrase that is easily guessed, or of two lines", async () => {
    for (const passphrase of ["short", "two lines are\nnone of a passphrase", ""]) {
      assert.equal((await call(box, "POST", "backups", { passphrase })).status, 400);
    }
  });

  it("frees the way for another where somebody leaves before all has come", async () => {
    await new Promise<void>((resolve) => {
      const left = request({
        socketPath: box.socketPath,
        method: "POST",
        path: "/api/v1/backups",
        headers: { "content-type": "application/json" },
      });
      left.on("response", (incoming) => incoming.destroy());
      left.on("close", () => resolve());
      left.on("error", () => resolve());
      left.end(JSON.stringify({ passphrase: PASSPHRASE }));
    });
    let next = await call(box, "POST", "backups", { passphrase: PASSPHRASE });
    for (let tries = 0; next.status === 409 && tries < 20; tries++) {
      next = await call(box, "POST", "backups", { passphrase: PASSPHRASE });
    }
    assert.equal(next.status, 200);
  });

  it("keeps an upload for the box's user alone, one at a time", async () => {
    const first = await uploadTo(box, backup);
    const second = await uploadTo(box, backup);
    const kept = (await readdir(box.data)).filter((name) => name.startsWith("upload."));
    assert.deepEqual(kept, [`upload.${second}.tmp`]);
    assert.equal((await stat(join(box.data, kept[0] ?? ""))).mode & 0o777, 0o600);
    const gone = { upload: first, passphrase: PASSPHRASE };
    assert.deepEqual(codeOf(await call(box, "POST", "restore/check", gone)), [
      409,
      "upload-refused",
    ]);
    assert.equal((await call(box, "DELETE", "restore")).status, 200);
    assert.ok(!(await readdir(box.data)).some((name) => name.startsWith("upload.")));
  });

  it("takes no upload that is too large, none without its length, and no other body", async () => {
    const huge = { "content-length": String(2 ** 40) };
    const asked = await new Promise<number | undefined>((resolve, reject) => {
      const sent = request(
        {
          socketPath: box.socketPath,
          method: "POST",
          path: "/api/v1/restore",
          headers: { "content-type": FILE, ...huge },
        },
        (incoming) => {
          resolve(incoming.statusCode);
          sent.destroy();
        },
      );
      sent.on("error", reject);
      sent.write("age");
    });
    assert.equal(asked, 409);
    assert.deepEqual(codeOf(await call(box, "POST", "restore", { a: 1 })), [409, "upload-refused"]);
    for (const upload of ["../host.jwk", "0".repeat(31), ""]) {
      const body = { upload, passphrase: PASSPHRASE };
      assert.equal((await call(box, "POST", "restore/check", body)).status, 400);
    }
  });

  it("says what is wrong with a file, and changes nothing", async () => {
    const damaged = Buffer.from(backup);
    damaged[damaged.length - 9] = (damaged.at(-9) ?? 0) ^ 1;
    const cases: [Uint8Array, string, string][] = [
      [backup, "not the passphrase at all", "wrong-passphrase"],
      [damaged, PASSPHRASE, "backup-damaged"],
      [Buffer.from("no backup"), PASSPHRASE, "backup-damaged"],
    ];
    for (const [bytes, passphrase, code] of cases) {
      const upload = await uploadTo(box, bytes);
      for (const step of ["check", "confirm"]) {
        const body = { upload, passphrase, ...(step === "confirm" && { replace: true }) };
        const answer = await call(box, "POST", `restore/${step}`, body);
        assert.deepEqual(codeOf(answer), [409, code], step);
        assert.doesNotMatch(answer.body.toString(), /upload\.[0-9a-f]/);
      }
    }
    assert.ok(!(await readdir(box.data)).some((name) => name.startsWith("restore")));
  });

  it("says what a file holds and what would be lost, which must be meant", async () => {
    const upload = await uploadTo(box, backup);
    const body = { upload, passphrase: PASSPHRASE };
    const { status, json } = await call(box, "POST", "restore/check", body);
    assert.equal(status, 200);
    assert.deepEqual(
      [json.clients, json.replaces, json.notRestored, json.settings],
      [30, { clients: 30, licensed: true }, [], ["settings of the box"]],
    );
    assert.deepEqual(codeOf(await call(box, "POST", "restore/confirm", body)), [409, "box-in-use"]);
  });

  it("makes a running box the one of the file once it starts again", async () => {
    const { host } = await new AdminClient(box.data).status();
    const other = await start("new", false);
    const upload = await uploadTo(other, backup);
    const body = { upload, passphrase: PASSPHRASE };
    const confirmed = await call(other, "POST", "restore/confirm", body);
    assert.deepEqual([confirmed.status, confirmed.json.clients], [202, 30]);
    assert.equal(await other.program.ended(), 75);
    assert.ok(!(await readdir(other.data)).some((name) => name.startsWith("upload.")));
    const again = await start("new", false);
    const client = new AdminClient(again.data);
    const status = await client.status();
    assert.deepEqual([status.host, status.clients, status.lastStart], [host, 30, "restore"]);
    const { options } = await client.settings();
    assert.equal(options.find(({ name }) => name === "display.contrast")?.inUse, 9);
    assert.equal(await again.stop(), 0);
  });
});
