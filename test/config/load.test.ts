import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigInvalidError } from "../../src/config/config.ts";
import { loadConfig } from "../../src/config/load.ts";

describe("loading the configuration", () => {
  const folder = mkdtempSync(join(tmpdir(), "kms-box-config-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const file = (content: unknown): string => {
    const path = join(folder, "config.json");
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
    return path;
  };
  const fails = (load: () => unknown, message: RegExp) =>
    assert.throws(load, (error: unknown) => {
      assert.ok(error instanceof ConfigInvalidError);
      assert.match(error.message, message);
      return true;
    });

  it("lets flags win over the environment, that over the file, and that over the defaults", () => {
    const config = file({
      port: 1,
      bind: "127.0.0.1",
      data: "file",
      policy: { clockSkewMinutes: 9 },
    });
    const env = { KMS_BOX_PORT: "2", KMS_BOX_BIND: "127.0.0.2", KMS_BOX_CONFIG: config };
    const base = { data: "base", log: { format: "text" } };
    const loaded = loadConfig({ port: "3" }, env, base);
    assert.equal(loaded.port, 3);
    assert.equal(loaded.bind, "127.0.0.2");
    assert.equal(loaded.data, "file");
    assert.equal(loaded.policy.clockSkewMinutes, 9);
    assert.equal(loaded.log.format, "text");
    assert.equal(loaded.log.level, "info");
  });

  it("reads the file of the flag rather than that of the environment", () => {
    const config = file({ port: 7 });
    assert.equal(loadConfig({ config }, { KMS_BOX_CONFIG: "/nowhere" }).port, 7);
  });

  it("needs no file", () => {
    assert.equal(loadConfig({}, {}).port, 1688);
  });

  it("takes folder and switches from flags and the environment", () => {
    const flags = loadConfig({ data: "x", panel: false, dns: false, web: false }, {});
    assert.deepEqual(
      [flags.data, flags.panel, flags.dns.enabled, flags.web],
      ["x", false, false, false],
    );
    const env = { KMS_BOX_NO_PANEL: "1", KMS_BOX_NO_DNS: "true", KMS_BOX_DATA: "y" };
    const loaded = loadConfig({}, env);
    assert.deepEqual(
      [loaded.data, loaded.panel, loaded.dns.enabled, loaded.web],
      ["y", false, false, true],
    );
  });

  it("lets the file's switch stand where no flag was given", () => {
    const config = file({ panel: false });
    assert.equal(loadConfig({ config, panel: true }, {}).panel, false);
    for (const value of ["", "0", "false"]) {
      assert.equal(loadConfig({ config }, { KMS_BOX_NO_PANEL: value }).panel, false);
    }
  });

  it("says what a switch in the environment may be", () => {
    fails(() => loadConfig({}, { KMS_BOX_NO_DNS: "yes" }), /KMS_BOX_NO_DNS must be 1 or 0/);
  });

  it("names the layer in which a fault stands", () => {
    fails(() => loadConfig({ port: "99999" }, {}), /- flags: port must be <= 65535/);
    fails(() => loadConfig({ port: "80a" }, {}), /- flags: port must be integer, but is "80a"/);
    fails(() => loadConfig({}, { KMS_BOX_PORT: "-1" }), /- environment: port must be >= 0/);
    const config = file({ prot: 1 });
    fails(
      () => loadConfig({ config, port: "99999" }, {}),
      /config.json: unknown option prot\n.*flags/,
    );
  });

  it("says what is wrong with a file", () => {
    fails(
      () => loadConfig({ config: join(folder, "none") }, {}),
      /none: cannot be read \(ENOENT\)/,
    );
    fails(() => loadConfig({ config: file("{") }, {}), /config.json: is not JSON/);
    for (const content of ["[]", "null", "7"]) {
      fails(() => loadConfig({ config: file(content) }, {}), /must hold one JSON object/);
    }
  });

  it("names the faults of the flags beside a file that cannot be read", () => {
    fails(() => loadConfig({ config: "/nowhere", port: "-1" }, {}), /nowhere.*\n.*flags: port/);
  });
});
