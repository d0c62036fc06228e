import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FlashSettings } from "../../../src/adapters/flash/settings-file.ts";
import { loadBoxConfig } from "../../../src/config/load.ts";
import { SettingsDesk } from "../../../src/config/settings/settings-desk.ts";
import { type SettingChanges, SettingsInvalidError } from "../../../src/ports/settings.ts";
import { RecordedEvents } from "../../support/recorded-events.ts";

describe("the settings of a running box", () => {
  let folder: string;
  let file: string;
  let events: RecordedEvents;
  let levels: string[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "kms-box-settings-"));
    file = join(folder, "config.json");
    writeFileSync(file, JSON.stringify({ dns: { ttlSeconds: 300 } }));
    events = new RecordedEvents();
    levels = [];
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const load = () => loadBoxConfig({ data: folder, config: file }, { KMS_BOX_WEB_PORT: "8080" });
  const desk = () =>
    new SettingsDesk({
      loaded: load(),
      load,
      keeper: new FlashSettings(folder),
      events,
      apply: { "log.level": ({ log }) => void levels.push(log.level) },
    });
  const option = (on: SettingsDesk, name: string) => {
    const found = on.read().options.find((each) => each.name === name);
    assert.ok(found);
    return found;
  };
  const stored = () => JSON.parse(readFileSync(join(folder, "settings.json"), "utf8"));
  const refused = async (on: SettingsDesk, changes: SettingChanges) => {
    const error = await on.change(changes).catch((each: unknown) => each);
    assert.ok(error instanceof SettingsInvalidError);
    return error.faults;
  };

  it("say of each option what sets it", () => {
    const own = desk();
    const told = (name: string) => {
      const { value, source, place, fixed } = option(own, name);
      return [value, source, place, fixed === null];
    };
    assert.deepEqual(told("dns.ttlSeconds"), [300, "file", file, true]);
    assert.deepEqual(told("display.contrast"), [207, "default", null, true]);
    assert.deepEqual(told("web.port"), [8080, "environment", null, false]);
    assert.deepEqual(told("data"), [folder, "flag", null, false]);
  });

  it("say of each option what it may be", () => {
    const own = desk();
    const { type, minimum, maximum, description } = option(own, "dns.ttlSeconds");
    assert.deepEqual([type, minimum, maximum], ["integer", 30, 604_800]);
    assert.match(description, /resolvers/);
    assert.deepEqual(option(own, "display.height").choices, [64, 32]);
    const types = ["panel", "log.level", "dns.domains", "display.rotation", "dns.host"];
    assert.deepEqual(
      types.map((name) => option(own, name).type),
      ["boolean", "string", "list", "integer", "string"],
    );
  });

  it("are kept, stand over the file, and count from the next start on", async () => {
    const own = desk();
    const { restartNeeded } = await own.change({ "dns.ttlSeconds": 600 });
    const { value, inUse, source } = option(own, "dns.ttlSeconds");
    assert.deepEqual([restartNeeded, value, inUse, source], [true, 600, 300, "settings"]);
    assert.deepEqual(stored(), { dns: { ttlSeconds: 600 } });
    const next = desk();
    assert.equal(option(next, "dns.ttlSeconds").inUse, 600);
    assert.equal(next.read().restartNeeded, false);
  });

  it("are taken back by null", async () => {
    const own = desk();
    await own.change({ "dns.ttlSeconds": 600, "display.contrast": 9 });
    const { restartNeeded } = await own.change({ "dns.ttlSeconds": null });
    assert.deepEqual([stored(), restartNeeded], [{ display: { contrast: 9 } }, true]);
    assert.equal((await own.change({ "display.contrast": null })).restartNeeded, false);
    assert.deepEqual(stored(), {});
  });

  it("are in use at once where that is possible", async () => {
    const own = desk();
    assert.equal((await own.change({ "log.level": "debug" })).restartNeeded, false);
    assert.deepEqual([levels, option(own, "log.level").inUse], [["debug"], "debug"]);
  });

  it("name everything that is wrong at once, and change nothing", async () => {
    const own = desk();
    const faults = await refused(own, {
      "dns.ttlSeconds": 1,
      "dns.domains": [{ domain: "two words" }],
      "rateLimit.exempt": ["everywhere"],
      "display.contrast": 9,
      port: 80,
      "web.port": 81,
      wings: true,
    });
    assert.deepEqual(
      faults.map((each) => each.option),
      ["port", "web.port", "wings", "dns.ttlSeconds", "rateLimit.exempt"],
    );
    assert.match(
      faults[3]?.fault ?? "",
      /^dns.ttlSeconds must be a whole number from 30 to 604800, but is 1/,
    );
    assert.throws(stored, { code: "ENOENT" });
    assert.deepEqual(events.names, []);
  });

  it("must fit each other, and what stands in the file", async () => {
    writeFileSync(file, JSON.stringify({ policy: { cmidRetentionDays: 10 } }));
    const faults = await refused(desk(), { "policy.renewalIntervalMinutes": 20_000 });
    assert.match(
      faults[0]?.fault ?? "",
      /renewal interval must be shorter than the CMID retention/,
    );
  });

  it("do not reach prototypes", async () => {
    const own = desk();
    for (const name of ["__proto__", "constructor.name", "dns.__proto__", "dns", ""]) {
      assert.deepEqual(
        (await refused(own, { [name]: 1 })).map(({ option }) => option),
        [name],
      );
    }
  });

  it("are told in the log by name, once for each change", async () => {
    const own = desk();
    await own.change({ "dns.ttlSeconds": 600, "log.level": "warn" });
    await own.change({ "dns.ttlSeconds": 600 });
    assert.deepEqual(events.names, ["settings-changed"]);
  });

  it("are changed one after the other, none of them lost", async () => {
    const own = desk();
    await Promise.all([
      own.change({ "display.contrast": 1 }),
      own.change({ "display.pageSeconds": 9 }),
      refused(own, { "display.height": 7 }),
      own.change({ "display.rotation": 180 }),
    ]);
    assert.deepEqual(stored(), { display: { contrast: 1, pageSeconds: 9, rotation: 180 } });
  });

  it("cannot be changed while the files could not be started with", async () => {
    const own = desk();
    writeFileSync(file, JSON.stringify({ prot: 1 }));
    const [fault] = await refused(own, { "display.contrast": 1 });
    assert.match(fault?.fault ?? "", /config.json: unknown option prot/);
    assert.match(own.read().faults[0] ?? "", /unknown option prot/);
    assert.equal(option(own, "dns.ttlSeconds").value, 300);
  });

  describe("of alerts", () => {
    const HOOK = { url: "https://chat.example/hook", secretFile: "/etc/kms-box/hook.secret" };

    it("keep the secret of the same receiver, and give it to no other", async () => {
      writeFileSync(file, JSON.stringify({ alerts: { webhooks: [HOOK] } }));
      const own = desk();
      await own.change({ "alerts.webhooks": [HOOK, { url: "https://other.example/" }] });
      assert.deepEqual(option(own, "alerts.webhooks").value, [
        HOOK,
        { url: "https://other.example/" },
      ]);
      assert.ok(!JSON.stringify(stored()).includes("secret"));
      const elsewhere = { ...HOOK, url: "https://other.example/" };
      const faults = await refused(own, { "alerts.webhooks": [elsewhere] });
      assert.match(faults[0]?.fault ?? "", /webhooks.0.secretFile cannot be set here/);
    });

    it("send the mail server's password to no other server", async () => {
      const mail = { host: "mail.example", from: "a@b.example", to: ["c@d.example"] };
      const login = { ...mail, user: "kms", passwordFile: "/etc/kms-box/mail.password" };
      writeFileSync(file, JSON.stringify({ alerts: { mail: login } }));
      for (const name of ["host", "port", "security", "user"]) {
        const [fault] = await refused(desk(), { [`alerts.mail.${name}`]: "other.example" });
        assert.match(fault?.fault ?? "", /password in alerts.mail.passwordFile would go there/);
      }
      await desk().change({ "alerts.mail.to": ["e@f.example"] });
      writeFileSync(file, JSON.stringify({ alerts: { mail } }));
      await desk().change({ "alerts.mail.host": "other.example" });
    });
  });

  describe("of domains", () => {
    const FILE = { domain: "office.example", tsigKeyFile: "/etc/kms-box/keys/office.key" };
    beforeEach(() => writeFileSync(file, JSON.stringify({ dns: { domains: [FILE] } })));
    const domains = (on: SettingsDesk) =>
      option(on, "dns.domains").value as { domain: string; weight: number; tsigKeyFile?: string }[];

    it("keep the keys that the file names, also when they are given back as shown", async () => {
      const own = desk();
      const [shown] = domains(own);
      await own.change({ "dns.domains": [{ ...shown, weight: 7 }, { domain: "b.example" }] });
      assert.deepEqual(
        domains(own).map(({ weight, tsigKeyFile }) => [weight, tsigKeyFile]),
        [
          [7, FILE.tsigKeyFile],
          [100, undefined],
        ],
      );
      assert.ok(!JSON.stringify(stored()).includes("keys/"));
    });

    it("name no other file", async () => {
      const own = desk();
      for (const member of ["tsigKeyFile", "keytab"]) {
        const domain = { domain: "office.example", [member]: "/etc/shadow" };
        const faults = await refused(own, { "dns.domains": [domain] });
        const fault = faults.find((each) => each.fault.includes(`${member} cannot be set here`));
        assert.equal(fault?.option, "dns.domains");
      }
    });

    it("are signed with the key that was uploaded rather than the file's", () => {
      writeFileSync(join(folder, "dns-key.office.example.key"), "");
      assert.equal(domains(desk())[0]?.tsigKeyFile, join(folder, "dns-key.office.example.key"));
    });
  });
});
