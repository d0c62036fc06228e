import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigInvalidError } from "../../src/config/config.ts";
import { loadBoxConfig, loadConfig } from "../../src/config/load.ts";

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

  it("lays what was set while the box ran over the file, and under environment and flags", () => {
    const settings = join(folder, "settings.json");
    const lower = file({ data: folder, display: { contrast: 1, height: 32 } });
    const of = (values: unknown, env = {}) => {
      writeFileSync(settings, JSON.stringify(values));
      return loadBoxConfig({ config: lower }, env);
    };
    const { config, unusable } = of({ display: { contrast: 2 }, web: { port: 1 } });
    assert.deepEqual(
      [config.display.contrast, config.display.height, config.web.port, unusable],
      [2, 32, 1, []],
    );
    assert.equal(of({ web: { port: 1 } }, { KMS_BOX_WEB_PORT: "3" }).config.web.port, 3);
    const bad: [unknown, RegExp][] = [
      [{ display: { contrast: 0 } }, /^settings: display.contrast must be a whole number from 1/],
      [{ wings: 2 }, /^settings: unknown option wings/],
      [[], /settings: must hold one JSON object/],
      [{ data: "/elsewhere" }, /^settings: data cannot be set here/],
      [{ backup: { passphraseFile: "/etc/shadow" } }, /^settings: backup.passphraseFile cannot/],
    ];
    for (const [values, message] of bad) {
      const left = of(values);
      assert.match(left.unusable.join("\n"), message);
      assert.deepEqual([left.config.data, left.config.display.contrast], [folder, 1]);
    }
    writeFileSync(settings, '{"display":');
    assert.match(loadBoxConfig({ config: lower }, {}).unusable[0] ?? "", /is not JSON/);
    rmSync(settings);
    assert.deepEqual(loadBoxConfig({ config: lower }, {}).unusable, []);
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
      [flags.data, flags.panel, flags.dns.enabled, flags.web.enabled],
      ["x", false, false, false],
    );
    const env = { KMS_BOX_NO_PANEL: "1", KMS_BOX_NO_DNS: "true", KMS_BOX_DATA: "y" };
    const loaded = loadConfig({}, env);
    assert.deepEqual(
      [loaded.data, loaded.panel, loaded.dns.enabled, loaded.web.enabled],
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
    fails(
      () => loadConfig({ port: "99999" }, {}),
      /- flags: port must be a whole number from 0 to 65535/,
    );
    fails(
      () => loadConfig({ port: "80a" }, {}),
      /- flags: port must be a whole number from 0 to 65535, but is "80a"/,
    );
    fails(
      () => loadConfig({}, { KMS_BOX_PORT: "-1" }),
      /- environment: port must be a whole number/,
    );
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
    fails(
      () => loadConfig({ config: file('{"port":\n x}') }, {}),
      /config.json: is not JSON: line 2, column 2: x is no value/,
    );
    for (const content of ["[]", "null", "7"]) {
      fails(() => loadConfig({ config: file(content) }, {}), /must hold one JSON object/);
    }
  });

  it("names the faults of the flags beside a file that cannot be read", () => {
    fails(() => loadConfig({ config: "/nowhere", port: "-1" }, {}), /nowhere.*\n.*flags: port/);
  });

  describe("from the folder beside its file", () => {
    const part = (name: string, content: unknown) => {
      mkdirSync(join(folder, "config.d"), { recursive: true });
      const text = typeof content === "string" ? content : JSON.stringify(content);
      writeFileSync(join(folder, "config.d", name), text);
    };
    afterEach(() => rmSync(join(folder, "config.d"), { recursive: true, force: true }));

    it("lays its files over the file in order of their names, members deep and lists whole", () => {
      const domains = (...names: string[]) => names.map((domain) => ({ domain }));
      part("50-setup.json", { port: 50, dns: { domains: domains("c.example") } });
      part("10-first.json", { port: 10, bind: "127.0.0.10", dns: { ttlSeconds: 60 } });
      const config = file({
        port: 1,
        bind: "127.0.0.1",
        data: "file",
        dns: { ttlSeconds: 30, checkSeconds: 30, domains: domains("a.example", "b.example") },
      });
      const loaded = loadConfig({ config }, {});
      assert.deepEqual([loaded.port, loaded.bind, loaded.data], [50, "127.0.0.10", "file"]);
      assert.deepEqual([loaded.dns.ttlSeconds, loaded.dns.checkSeconds], [60, 30]);
      assert.deepEqual(
        loaded.dns.domains.map(({ domain }) => domain),
        ["c.example"],
      );
    });

    it("lets environment and flags win over them", () => {
      part("50-setup.json", { port: 50, bind: "127.0.0.50" });
      const loaded = loadConfig({ config: file({}), port: "3" }, { KMS_BOX_BIND: "127.0.0.3" });
      assert.deepEqual([loaded.port, loaded.bind], [3, "127.0.0.3"]);
    });

    it("names the file in which a fault stands, and the faults of the others too", () => {
      part("10-a.json", { prot: 1 });
      part("20-b.json", "{");
      part("30-c.json", []);
      fails(
        () => loadConfig({ config: file({ port: -1 }) }, {}),
        /config\.json: port .*\n.*10-a\.json: unknown option prot\n.*20-b\.json: is not JSON: line 1.*\n.*30-c\.json: must hold one/,
      );
    });

    it("leaves what is no configuration, and what a power cut left", () => {
      part("50-setup.json.dpkg-old", "x");
      part(".50-setup.json", "x");
      part("README", "x");
      assert.equal(loadConfig({ config: file({ port: 7 }) }, {}).port, 7);
    });

    it("is not looked for without a file", () => {
      part("50-setup.json", { port: 50 });
      assert.equal(loadConfig({}, {}).port, 1688);
    });

    it("says that it is none", () => {
      writeFileSync(join(folder, "config.d"), "");
      fails(() => loadConfig({ config: file({}) }, {}), /config\.d: cannot be read \(ENOTDIR\)/);
    });
  });
});
