import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { connect, type TLSSocket } from "node:tls";
import { type Answer, BoxProcess, runProgram } from "../support/box-process.ts";
import { HttpsClient } from "../support/https-rig.ts";

/** The port at which a box says that it serves the administration. */
async function httpsPort(box: BoxProcess): Promise<number> {
  for await (const line of box.program.lines()) {
    const { event, scheme, port } = JSON.parse(line) as Record<string, unknown>;
    if (event === "web-serving" && scheme === "https") return port as number;
  }
  throw new Error("The box ended before it served the administration.");
}

describe("the commands for the administration", function () {
  this.timeout(60_000);
  let box: BoxProcess;
  let port: number;
  before(async () => {
    const args = ["--https-port", "0", "--web-port", "0"];
    box = await BoxProcess.start({ web: true, demo: true, args });
    port = await httpsPort(box);
  });
  after(() => box.stop());

  const run = (...args: string[]): Promise<Answer> =>
    runProgram("kms-box", [...args, "--data", box.data]);

  it("set a password, by which somebody logs in", async () => {
    const file = join(box.data, "password.txt");
    await writeFile(file, "too short\n", { mode: 0o600 });
    const short = await run("admin", "password", "--password-file", file, "--json");
    assert.equal(short.status, 1);
    assert.equal(JSON.parse(short.stdout).error.code, "password-unfit");
    await writeFile(file, "four words of mine\n", { mode: 0o600 });
    const set = await run("admin", "password", "--password-file", file);
    assert.deepEqual([set.status, set.stderr], [0, ""]);
    const body = { password: "four words of mine" };
    const login = await new HttpsClient(port).call("POST", "/api/v1/session", { body });
    assert.equal(login.status, 200);
  });

  it("make a token that may do what it was made for, and revoke it", async () => {
    const made = await run("admin", "token", "create", "inventory", "--scope", "clients");
    const client = new HttpsClient(port);
    client.headers.authorization = `Bearer ${made.stdout.trim()}`;
    assert.match(made.stdout, /^kmsbox_[\w-]{43}\n$/);
    assert.equal((await client.call("GET", "/api/v1/clients")).status, 200);
    assert.equal((await client.call("POST", "/api/v1/restart")).status, 403);
    const list = await run("admin", "token", "list", "--json");
    assert.ok(!list.stdout.includes(made.stdout.trim()));
    const [token] = JSON.parse(list.stdout).tokens;
    assert.deepEqual([token.name, token.scopes], ["inventory", ["clients"]]);
    assert.notEqual(token.lastUsed, null);
    assert.equal((await run("admin", "token", "revoke", token.id)).status, 0);
    assert.equal((await client.call("GET", "/api/v1/clients")).status, 401);
    assert.equal((await run("admin", "token", "revoke", token.id)).status, 1);
  });

  it("show the certificate, make a new one and use it at once", async () => {
    const before = JSON.parse((await run("certificate", "show", "--json")).stdout);
    assert.match(before.fingerprint, /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    assert.ok(before.names.includes("localhost"));
    const after = JSON.parse((await run("certificate", "renew", "--json")).stdout);
    assert.notEqual(after.fingerprint, before.fingerprint);
    const client = new HttpsClient(port);
    await client.call("GET", "/api/v1/session");
    assert.equal(client.fingerprint, after.fingerprint);
    const unfit = await run("certificate", "install", "--cert", "README.md", "--key", "README.md");
    assert.equal(unfit.status, 1);
  });

  it("tell what was done, by whom, and that nobody changed it", async () => {
    await run("settings", "set", "display.contrast=9999");
    const { entries } = JSON.parse((await run("audit", "show", "--json")).stdout);
    assert.equal(entries[0].target, "display.contrast");
    const acts = entries.map(({ actor, act, outcome }: Record<string, string>) =>
      [actor, act, outcome].join(": "),
    );
    for (const act of [
      "command line: change-password: password-unfit",
      "command line: change-password: done",
      "administrator: log-in: done",
      "command line: make-token: done",
      "token inventory: restart: forbidden",
      "command line: revoke-token: done",
      "command line: revoke-token: not-found",
      "command line: renew-certificate: done",
      "command line: change-settings: settings-invalid",
    ]) {
      assert.ok(acts.includes(act), `${act}\n${acts.join("\n")}`);
    }
    const check = await run("audit", "check");
    assert.deepEqual([check.status, check.stderr], [0, ""]);
    const exported = await run("audit", "export");
    const lines = exported.stdout.trimEnd().split("\n");
    assert.equal(lines.length, entries.length + 1);
    assert.ok(!/four words|kmsbox_/.test(exported.stdout));
  });

  it("go on, and so does activation, while peers dawdle with their requests", async () => {
    const sockets: TLSSocket[] = [];
    for (let n = 0; n < 40; n++) {
      const socket = connect({ host: "127.0.0.1", port, rejectUnauthorized: false });
      socket.on("error", () => undefined);
      await once(socket, "secureConnect");
      socket.write("POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\nX-Slow: ");
      sockets.push(socket);
    }
    const demo = await run("demo", "--clients", "3", "--json");
    assert.equal(demo.status, 3, demo.stdout);
    assert.match((await run("status")).stdout, / 3 +25 {2}no, 22 more/);
    for (const socket of sockets) socket.destroy();
  });

  it("refuse to forget a client that there is not", async () => {
    const answer = await run("clients", "forget", "pc-17");
    assert.equal(answer.status, 1);
    assert.match(answer.stderr, /No client is called "pc-17"/);
    const cmid = "6a1e9b58-0d1f-8a37-9c4e-3b2a17f05d66";
    assert.equal((await run("clients", "forget", cmid)).status, 1);
  });
});
