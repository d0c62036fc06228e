import assert from "node:assert/strict";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { clientsCommand } from "../../src/cli/box/clients.ts";
import { demoCommand } from "../../src/cli/box/demo.ts";
import { eventsCommand } from "../../src/cli/box/events.ts";
import { licenceCommand } from "../../src/cli/box/licence.ts";
import { resetCommand } from "../../src/cli/box/reset.ts";
import { restartCommand } from "../../src/cli/box/restart.ts";
import { serveCommand } from "../../src/cli/box/serve.ts";
import { startFault } from "../../src/cli/box/start-fault.ts";
import { statusCommand } from "../../src/cli/box/status.ts";
import { initCommand } from "../../src/cli/vendor/init.ts";
import { inspectCommand } from "../../src/cli/vendor/inspect.ts";
import { issueCommand } from "../../src/cli/vendor/issue.ts";
import { buildConfig } from "../../src/config/config.ts";
import type { PublicJwk } from "../../src/domain/claims.ts";
import { sha256 } from "../../src/platform/ed25519.ts";
import { keyNames } from "../../src/protocol/thumbprint.ts";
import {
  type Answer,
  BoxProcess,
  RunningProgram,
  runProgram,
  temporaryFolder,
} from "../support/box-process.ts";
import { productOf, VendorFixture } from "../support/licence-rig.ts";

describe("kms-box serve", () => {
  let box: BoxProcess;
  let folder: string;
  const refused: Record<string, Answer> = {};

  before(async () => {
    folder = await temporaryFolder();
    box = await BoxProcess.start();
    await writeFile(join(folder, "file"), "");
    await mkdir(join(folder, "damaged"));
    await writeFile(join(folder, "damaged", "host.jwk"), "{}");
    const serve = async (name: string, data: string, ...args: string[]) => {
      refused[name] = await runProgram("kms-box", ["serve", "--data", data, ...args]);
    };
    const taken = ["--bind", "127.0.0.1", "--port", String(box.port)];
    // At once, since starting is what takes the time.
    await Promise.all([
      serve("same folder", box.data, "--port", "0"),
      serve("port taken", join(folder, "other"), ...taken, "--json"),
      serve("port taken, for a person", join(folder, "third"), ...taken, "--demo", "--no-web"),
      serve("folder is a file", join(folder, "file")),
      serve("damaged key", join(folder, "damaged")),
    ]);
  });

  after(async () => {
    await box.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it("does not start twice on one folder", () => {
    fails("same folder", /^Error: .* is in use by process \d+: stop it[^\n]*\n$/);
  });

  it("says what to do when its port is taken", () => {
    const answer = refused["port taken"];
    assert.equal(answer?.status, 1);
    const last = JSON.parse(String(answer.stdout.trim().split("\n").at(-1)));
    assert.equal(last.error.code, "start-failed");
    assert.match(last.error.message, /Port \d+ is in use by another program\..*--port/);
  });

  it("shows on its panel what it says", () => {
    const stdout = refused["port taken, for a person"]?.stdout ?? "";
    assert.match(stdout, /CANNOT START, Port \d+ is in use by another program\./);
  });

  it("says what to do when its folder cannot be one", () => {
    fails(
      "folder is a file",
      /^Error: The state folder .* cannot be used: .* \(ENOTDIR\)[^\n]*--data\.\n$/,
    );
  });

  it("names a damaged host key and keeps it", () => {
    fails("damaged key", /^Error: .*host\.jwk is not an Ed25519 key[^\n]*\n$/);
  });

  function fails(name: string, message: RegExp): void {
    assert.equal(refused[name]?.status, 1);
    assert.match(refused[name].stderr, message);
  }

  it("welcomes whoever tries it out, and ends with 0 on SIGTERM", async () => {
    const args = ["serve", "--demo", "--data", join(folder, "demo"), "--port", "0", "--no-web"];
    const demo = new RunningProgram("kms-box", args);
    for await (const line of demo.lines()) if (line.includes("Ctrl-C")) break;
    demo.child.kill("SIGTERM");
    assert.equal(await demo.ended(), 0);
    assert.match(demo.stdout, /KMS Box serves on \S+:\d+\n/);
    assert.match(demo.stdout, /\(demo-office\): 0 of 25 clients counted/);
    assert.match(demo.stdout, /npm run demo -- --data \/.*\/demo\n/);
  });

  it("says loudly that a state is gone, and goes on with the key", async () => {
    const data = join(folder, "bereft");
    const first = await BoxProcess.start({ data, demo: true });
    await first.stop();
    await rm(join(data, "journal.00000001.jsonl"));
    const second = await BoxProcess.start({ data });
    await second.stop();
    assert.match(second.program.stdout, /"event":"storage-begun-anew","eventId":505/);
  });

  it("is no demonstration where a real licence is installed", async () => {
    const data = join(folder, "real");
    const onBox = (...args: string[]) => runProgram("kms-box", [...args, "--data", data]);
    const publicJwk = (await onBox("licence", "request")).json<PublicJwk>();
    const { thumbprint } = keyNames(publicJwk, sha256);
    const vendor = await VendorFixture.create("Example Software");
    const token = await vendor.licence({ publicJwk, thumbprint }, [productOf("editor")]);
    await writeFile(join(folder, "licence.jwt"), token);
    assert.equal((await onBox("licence", "install", join(folder, "licence.jwt"))).status, 0);

    const answer = await onBox("serve", "--demo", "--port", "0");
    assert.equal(answer.status, 1);
    assert.match(answer.stdout + answer.stderr, /Leave --demo out/);
  });

  it("tells its version", async () => {
    const { status, stdout } = await runProgram("kms-box", ["--version"]);
    assert.equal(status, 0);
    assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
  });

  it("turns each of the system's errors into what to do", () => {
    const config = buildConfig([{ source: "test", values: { port: 80, bind: "192.0.2.1" } }]);
    const faults: [object, RegExp][] = [
      [{ code: "EADDRINUSE", syscall: "listen" }, /Port 80 is in use .*--port/],
      [{ code: "EADDRNOTAVAIL", syscall: "listen" }, /no address 192\.0\.2\.1.*--bind/],
      [{ code: "ENOTFOUND", syscall: "getaddrinfo" }, /no address .*--bind/],
      [{ code: "EACCES", syscall: "listen" }, /may not listen on port 80.*--port/],
      [{ code: "EACCES", syscall: "open", path: "/x" }, /state folder .*this user may not.*--data/],
      [{ code: "ENOENT", syscall: "open", path: "/x" }, /is not there and cannot be made.*--data/],
      [{ code: "EROFS", syscall: "open", path: "/x" }, /the file system is read-only/],
      [{ code: "EIO", syscall: "open", path: "/x" }, /cannot be used: EIO/],
    ];
    for (const [members, message] of faults) {
      const fault = startFault(Object.assign(new Error("no"), members), config);
      assert.ok(fault instanceof Error);
      assert.match(fault.message, message);
    }
    const unforeseen = new TypeError("no");
    assert.equal(startFault(unforeseen, config), unforeseen);
  });
});

describe("every command's help", () => {
  const roots = [
    serveCommand(),
    statusCommand(),
    clientsCommand(),
    eventsCommand(),
    restartCommand(),
    resetCommand(),
    demoCommand(),
    licenceCommand(),
    initCommand(),
    issueCommand(),
    inspectCommand(),
  ];
  for (const command of roots.flatMap((root) => [root, ...root.commands])) {
    it(`of ${command.name()} has examples and tells of --json`, () => {
      const help = helpOf(command);
      assert.match(help, /Examples:\n {2}(cat |ssh )?[\w .]*kms-(box|vendor) /);
      if (command.commands.length === 0) assert.match(help, /--json/);
    });
  }
});

function helpOf(command: Command): string {
  let help = "";
  command.configureOutput({
    writeOut: (text) => {
      help += text;
    },
  });
  command.outputHelp();
  return help;
}
