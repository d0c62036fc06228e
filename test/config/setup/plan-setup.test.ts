import assert from "node:assert/strict";
import { planSetup } from "../../../src/config/setup/plan-setup.ts";
import { readSetup } from "../../../src/config/setup/read-setup.ts";
import { networkProfile } from "../../../src/config/setup/setup-files.ts";
import type { SystemFacts } from "../../../src/ports/setup.ts";
import { KEY_PATH, SECRET, sshKey, wholeSetup } from "../../support/setup-tree.ts";

const FRESH: SystemFacts = {
  settings: {},
  hosts: "127.0.0.1\tlocalhost\n127.0.1.1\traspberrypi\n",
  accounts: [
    { name: "root", number: 0 },
    { name: "alice", number: 1000 },
  ],
  keyFiles: [],
  chrony: false,
  keyedAccounts: [],
};
const NETWORK = "/etc/NetworkManager/system-connections/kms-box.nmconnection";
const DROP_IN = "/etc/systemd/timesyncd.conf.d/60-kms-box-setup.conf";
const SSHD = "/etc/ssh/sshd_config.d/60-kms-box-setup.conf";
const LICENCE = "/etc/kms-box/licence.jwt";
const SETTINGS = "/etc/kms-box/config.d/50-setup.json";

const plan = (setup: unknown, facts: Partial<SystemFacts> = {}, licence?: string) => {
  const { read, faults } = readSetup(Buffer.from(JSON.stringify(setup)));
  assert.deepEqual(faults, []);
  return planSetup(read, { ...FRESH, ...facts }, licence);
};
const fileOf = ({ files }: ReturnType<typeof plan>, path: string) =>
  files.find((each) => each.path === path);

describe("the plan of a setup", () => {
  it("writes each part to its place, keys for the box's group only, the network for root only", () => {
    const planned = plan(wholeSetup());
    assert.deepEqual(
      planned.files.map(({ path, mode, group }) => [path, mode.toString(8), group]),
      [
        ["/etc/hosts", "644", undefined],
        ["/etc/hostname", "644", undefined],
        [NETWORK, "600", undefined],
        [DROP_IN, "644", undefined],
        [KEY_PATH, "640", "kms-box"],
        ["/etc/kms-box/ssh/alice", "644", undefined],
        [SSHD, "644", undefined],
        [SETTINGS, "644", undefined],
      ],
    );
    assert.deepEqual([planned.removals, planned.faults], [[], []]);
    assert.equal(planned.hostName, "kms");
    assert.equal(fileOf(planned, "/etc/hostname")?.content, "kms\n");
    assert.equal(fileOf(planned, "/etc/hosts")?.content, "127.0.0.1\tlocalhost\n127.0.1.1\tkms\n");
    assert.match(fileOf(planned, DROP_IN)?.content ?? "", /\nNTP=\nNTP=ntp\.office\.example 192/);
    assert.deepEqual(planned.settings, {
      display: { controller: "sh1106" },
      dns: {
        domains: [{ domain: "office.example", server: "192.0.2.1", tsigKeyFile: KEY_PATH }],
      },
    });
    assert.deepEqual(JSON.parse(fileOf(planned, SETTINGS)?.content ?? ""), planned.settings);
  });

  it("adds the machine's name to hosts where none is", () => {
    for (const hosts of ["", "127.0.0.1\tlocalhost", "127.0.0.1\tlocalhost\n"]) {
      const content = fileOf(plan({ hostName: "kms" }, { hosts }), "/etc/hosts")?.content ?? "";
      assert.match(content, /(?:^|\n)127\.0\.1\.1\tkms\n$/);
    }
  });

  it("leaves as it is what the file leaves out", () => {
    const settings = { port: 1689, dns: { domains: [{ domain: "a.example" }] } };
    const planned = plan({}, { settings, keyFiles: [KEY_PATH], keyedAccounts: ["bob"] });
    assert.deepEqual(planned.removals, []);
    assert.deepEqual(
      planned.files.map(({ path }) => path),
      [SETTINGS],
    );
    assert.deepEqual(planned.settings, settings);
    assert.equal(planned.emptied, undefined);
  });

  it("undoes what the file has as null", () => {
    const before = plan(wholeSetup()).settings;
    const nothing = {
      network: null,
      ntpServers: null,
      dnsDomains: null,
      licence: null,
      administrator: null,
      settings: null,
    };
    const planned = plan(nothing, {
      settings: { ...before, licence: { file: LICENCE } },
      keyFiles: [KEY_PATH, "/etc/kms-box/keys/by-hand.key"],
      keyedAccounts: ["alice"],
    });
    assert.deepEqual(planned.removals, [
      NETWORK,
      DROP_IN,
      "/etc/chrony/sources.d/kms-box-setup.sources",
      KEY_PATH,
      LICENCE,
      "/etc/kms-box/ssh/alice",
      SSHD,
    ]);
    assert.deepEqual(planned.settings, { dns: {} });
  });

  it("takes single settings back by null, and keeps the rest", () => {
    const settings = { port: 1689, display: { controller: "sh1106", contrast: 1 } };
    const planned = plan({ settings: { display: { contrast: null }, port: 1690 } }, { settings });
    assert.deepEqual(planned.settings, { port: 1690, display: { controller: "sh1106" } });
  });

  it("keeps licence and domains when only the settings are taken back", () => {
    const { dns } = plan(wholeSetup()).settings;
    const settings = { port: 1, dns, licence: { file: LICENCE } };
    assert.deepEqual(plan({ settings: null }, { settings }).settings, {
      licence: { file: LICENCE },
      dns,
    });
  });

  it("says the same when it was done before", () => {
    const first = plan(wholeSetup());
    const again = plan(wholeSetup(), {
      settings: first.settings,
      hosts: fileOf(first, "/etc/hosts")?.content ?? "",
      keyFiles: [KEY_PATH],
      keyedAccounts: ["alice"],
    });
    assert.deepEqual(again, first);
  });

  describe("of a secret", () => {
    const emptied = plan(wholeSetup()).emptied ?? "";

    it("takes it out of the file and says so, and leaves the rest", () => {
      assert.ok(!emptied.includes(SECRET));
      assert.ok(emptied.includes("\r\n") && !/[^\r]\n/.test(emptied));
      const { _taken, ...rest } = JSON.parse(emptied);
      assert.match(_taken, /key for office\.example and removed it/);
      const whole = wholeSetup();
      const [{ tsigKey, ...domain }] = whole.dnsDomains as [(typeof whole.dnsDomains)[0]];
      const { secret: _, ...key } = tsigKey;
      assert.deepEqual(rest, { ...whole, dnsDomains: [{ ...domain, tsigKey: key }] });
    });

    it("keeps it when the file comes again without it", () => {
      const settings = plan(wholeSetup()).settings;
      const again = plan(JSON.parse(emptied), { settings, keyFiles: [KEY_PATH] });
      assert.deepEqual([again.faults, again.removals, again.emptied], [[], [], undefined]);
      assert.equal(fileOf(again, KEY_PATH), undefined);
      assert.deepEqual(again.settings, settings);
    });

    it("misses it on a box that has never had it", () => {
      const { faults } = plan(JSON.parse(emptied));
      assert.equal(faults.length, 1);
      assert.match(faults[0] ?? "", /^dnsDomains\.0\.tsigKey\.secret: it is missing/);
    });

    it("forgets it once its domain has no key, and leaves keys of others", () => {
      const facts = {
        settings: plan(wholeSetup()).settings,
        keyFiles: [KEY_PATH, "/etc/kms-box/keys/by-hand.key"],
      };
      for (const dnsDomains of [[], [{ domain: "office.example" }], [{ domain: "b.example" }]]) {
        assert.deepEqual(plan({ dnsDomains }, facts).removals, [KEY_PATH]);
      }
    });
  });

  it("keeps a licence with its consent to a second vendor", () => {
    const planned = plan({ licence: { token: "x", addVendor: true } }, {}, " token\r\n");
    assert.equal(fileOf(planned, LICENCE)?.content, "token\n");
    assert.deepEqual(planned.settings, { licence: { file: LICENCE, addVendor: true } });
  });

  it("tells chrony of the time servers too, where that keeps the time", () => {
    const planned = plan({ ntpServers: ["192.0.2.1"] }, { chrony: true });
    const sources = fileOf(planned, "/etc/chrony/sources.d/kms-box-setup.sources");
    assert.match(sources?.content ?? "", /^server 192\.0\.2\.1 iburst$/m);
  });

  describe("of an administrator", () => {
    const admin = (user?: string) => ({
      administrator: { ...(user === undefined ? {} : { user }), sshKeys: [sshKey()] },
    });

    it("gives the keys to the account that is named, and takes them from the former", () => {
      const planned = plan(admin("root"), { keyedAccounts: ["alice"] });
      assert.equal(fileOf(planned, "/etc/kms-box/ssh/root")?.content, `${sshKey()}\n`);
      assert.deepEqual(planned.removals, ["/etc/kms-box/ssh/alice"]);
      assert.match(
        fileOf(planned, SSHD)?.content ?? "",
        /authorized_keys2 \/etc\/kms-box\/ssh\/%u/,
      );
    });

    it("makes no account, and says which there are", () => {
      const nobody = {
        accounts: [
          { name: "root", number: 0 },
          { name: "bin", number: 2 },
        ],
      };
      assert.match(
        plan(admin(), nobody).faults[0] ?? "",
        /no account of a person.*here are root\)/,
      );
      assert.match(
        plan(admin("bob")).faults[0] ?? "",
        /no account bob here, and setup makes none \(here are root, alice\)/,
      );
    });
  });

  it("says of the network only what the file says", () => {
    assert.match(
      networkProfile({ dnsServers: ["192.0.2.1"] }),
      /\[ipv4\]\nmethod=auto\ndns=192\.0\.2\.1;\nignore-auto-dns=true\n\n\[ipv6\]\nmethod=auto\nignore/,
    );
    assert.match(
      networkProfile({ ipv6: { address: "2001:db8::1/64" } }),
      /\[ipv4\]\nmethod=auto\n\n\[ipv6\]\nmethod=manual\naddress1=2001:db8::1\/64\n/,
    );
    assert.ok(!networkProfile({}).includes("interface-name"));
  });
});
