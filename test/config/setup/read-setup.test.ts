import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { readSetup, SetupInvalidError } from "../../../src/config/setup/read-setup.ts";
import { SECRET, sshKey, wholeSetup } from "../../support/setup-tree.ts";

const bytesOf = (setup: unknown) =>
  Buffer.from(typeof setup === "string" ? setup : JSON.stringify(setup));
const faultsOf = (setup: unknown) => readSetup(bytesOf(setup)).faults;

function assertFaults(setup: unknown, ...expected: RegExp[]): void {
  const faults = faultsOf(setup);
  assert.equal(faults.length, expected.length, faults.join("\n"));
  for (const [index, pattern] of expected.entries()) assert.match(faults[index] ?? "", pattern);
}

describe("reading a setup file", () => {
  it("takes everything that it may say", () => {
    const { read, faults } = readSetup(bytesOf(wholeSetup()));
    assert.deepEqual(faults, []);
    assert.deepEqual(read.setup, wholeSetup());
    assert.deepEqual([...read.undone], []);
  });

  it("takes the example that is delivered", () => {
    assert.deepEqual(readSetup(readFileSync("deploy/kms-box.example.json")).faults, []);
  });

  it("takes what the README shows, which is that example", () => {
    const [, shown = ""] =
      /```json\n(\{\n {2}"_comment"[\s\S]*?)```/.exec(readFileSync("README.md", "utf8")) ?? [];
    assert.deepEqual(
      JSON.parse(shown),
      JSON.parse(readFileSync("deploy/kms-box.example.json", "utf8")),
    );
  });

  it("takes an empty object, and null for a part that is to be undone", () => {
    assert.deepEqual(faultsOf({}), []);
    const { read, faults } = readSetup(bytesOf({ network: null, ntpServers: null }));
    assert.deepEqual(faults, []);
    assert.deepEqual([...read.undone], ["network", "ntpServers"]);
    assert.deepEqual(read.setup, {});
    assertFaults({ hostName: null }, /hostName must be text.*, but is null/);
  });

  it("takes it as every editor saves it", () => {
    const text = JSON.stringify({ hostName: "kms" }, null, 2).replaceAll("\n", "\r\n");
    const utf16 = Buffer.from(`\ufeff${text}`, "utf16le");
    for (const bytes of [text, `\ufeff${text}`, utf16, Buffer.from(utf16).swap16()]) {
      const { read, faults } = readSetup(Buffer.from(bytes as string));
      assert.deepEqual([read.setup.hostName, faults.length], ["kms", 0]);
    }
  });

  const unreadable: [what: string, content: string | Buffer, message: RegExp][] = [
    ["is no JSON", '{\r\n  "hostName": kms\r\n}', /line 2, column 15: kms is no value/],
    ["is empty", "", /line 1, column 1: the file ends too early/],
    ["is in another encoding", Buffer.from('{"_comment": "Büro"}', "latin1"), /not text in UTF-8/],
    ["is a list", "[]", /must hold one object/],
  ];
  for (const [what, content, message] of unreadable) {
    it(`says where a file ${what}`, () => {
      assert.throws(
        () => readSetup(Buffer.from(content as string)),
        (error: unknown) => {
          assert.ok(error instanceof SetupInvalidError);
          assert.equal(error.code, "setup-invalid");
          assert.match(error.message, message);
          return true;
        },
      );
    });
  }

  it("names everything wrong at once, in the form and in the sense", () => {
    const setup = wholeSetup();
    assertFaults(
      {
        ...setup,
        hostname: "kms",
        hostName: "kms box",
        ntpServers: [],
        network: { ...setup.network, ipv4: { address: "192.0.2.10/24", gateway: "10.0.0.1" } },
      },
      /^unknown option hostname$/,
      /^ntpServers must be a list of 1 to/,
      /^hostName: "kms box" is no name of one word/,
      /^network\.ipv4\.gateway: 10\.0\.0\.1 is not in the network 192\.0\.2\.10\/24/,
    );
  });

  const network = (part: unknown) => ({ network: part });
  const wrong: [what: string, setup: unknown, fault: RegExp][] = [
    ["an option that there is not", network({ ip: "x" }), /^unknown option network\.ip$/],
    ["a name with a domain", { hostName: "kms.office.example" }, /^hostName: /],
    ["an address without prefix", network({ ipv4: { address: "192.0.2.10" } }), /ADDRESS\/PREFIX/],
    ["a number too high", network({ ipv4: { address: "192.0.2.256/24" } }), /ipv4\.address/],
    ["a prefix too long", network({ ipv4: { address: "192.0.2.1/33" } }), /ipv4\.address/],
    ["the other family", network({ ipv4: { address: "2001:db8::1/64" } }), /ipv4\.address/],
    [
      "the other family's gateway",
      network({ ipv6: { address: "2001:db8::1/64", gateway: "192.0.2.1" } }),
      /ipv6\.gateway: "192\.0\.2\.1" is no address such as 2001:db8::10/,
    ],
    [
      "itself as its gateway",
      network({ ipv4: { address: "192.0.2.1/24", gateway: "192.0.2.1" } }),
      /the box's own address/,
    ],
    ["a name for a name server", network({ dnsServers: ["dns.example"] }), /network\.dnsServers/],
    ["a search domain that is none", network({ searchDomains: ["a b"] }), /searchDomains/],
    ["an interface that is none", network({ interface: "eth 0" }), /network\.interface/],
    ["a broken time server", { ntpServers: ["192.0.2.300"] }, /^ntpServers: "192\.0\.2\.300"/],
    ["a broken domain", { dnsDomains: [{ domain: "a b" }] }, /^dnsDomains\.0\.domain: "a b"/],
    [
      "a domain named twice",
      { dnsDomains: [{ domain: "a.example" }, { domain: "A.example" }] },
      /^dnsDomains\.1\.domain: A\.example is named twice/,
    ],
    [
      "a name for a DNS server",
      { dnsDomains: [{ domain: "a.example", server: "dns" }] },
      /^dnsDomains\.0\.server: "dns" is no ADDRESS/,
    ],
    ["no licence in licence", { licence: {} }, /^licence: it needs either file/],
    ["two licences", { licence: { file: "a", token: "b" } }, /^licence: it needs either file/],
    ["a path for the licence", { licence: { file: "../etc/shadow" } }, /^licence\.file: /],
    ["an account that is none", admin({ user: "a:b" }), /^administrator\.user: "a:b"/],
    ["no key", admin({ sshKeys: [] }), /^administrator\.sshKeys must be a list of 1 to/],
    ["another folder", { settings: { data: "/tmp" } }, /^settings: data cannot be set here/],
    ["an option of no setting", { settings: { prot: 1 } }, /^settings: unknown option prot/],
    [
      "a setting out of range",
      { settings: { port: 70_000 } },
      /^settings: port must be a whole number/,
    ],
    [
      "domains twice",
      { dnsDomains: [], settings: { dns: { domains: [] } } },
      /^settings: dns\.domains and dnsDomains are the same/,
    ],
  ];
  for (const [what, setup, fault] of wrong) {
    it(`refuses ${what}`, () => assertFaults(setup, fault));
  }

  function admin(part: Record<string, unknown>) {
    return { administrator: { sshKeys: [sshKey()], ...part } };
  }

  const keys: [what: string, key: string, fault: RegExp | undefined][] = [
    ["an Ed25519 key", sshKey(), undefined],
    ["a key without a comment", sshKey(""), undefined],
    ["a key that is cut", sshKey("").slice(0, -20), /damaged/],
    ["a key of another type than it says", sshKey().replace("ed25519", "rsa"), /damaged/],
    ["an old DSA key", sshKey().replace("ssh-ed25519", "ssh-dss"), /no line of a \.pub file/],
    ["options before a key", `command="sh" ${sshKey()}`, /no line of a \.pub file/],
    ["a second line", `${sshKey()}\n${sshKey()}`, /no line of a \.pub file/],
    ["a private key", "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA", /private key/],
    ["PuTTY's private key", "PuTTY-User-Key-File-3: ssh-ed25519", /private key/],
    ["PuTTY's public key", "---- BEGIN SSH2 PUBLIC KEY ----\nAAAA", /not the form of OpenSSH/],
  ];
  for (const [what, key, fault] of keys) {
    it(`${fault ? "refuses" : "takes"} ${what}`, () => {
      assertFaults(admin({ sshKeys: [key] }), ...(fault ? [fault] : []));
    });
  }

  const tsig = (key: unknown) => ({ dnsDomains: [{ domain: "a.example", tsigKey: key }] });
  const strong = { name: "k", algorithm: "hmac-sha256" };
  const secretive: [what: string, setup: unknown][] = [
    ["that is no base64", tsig({ ...strong, secret: `${SECRET}!` })],
    ["that is too short", tsig({ ...strong, secret: "c2VjcmV0" })],
    ["that is too long", tsig({ ...strong, secret: SECRET.repeat(20) })],
    ["of a weak algorithm", tsig({ ...strong, algorithm: "hmac-md5", secret: SECRET })],
    ["without a name", tsig({ algorithm: "hmac-sha256", secret: SECRET })],
    ["in the place of its key", tsig(SECRET)],
    ["in the place of its domain", { dnsDomains: [SECRET] }],
    ["in the place of the domains", { dnsDomains: SECRET }],
    ["under another name", tsig({ ...strong, key: SECRET })],
  ];
  for (const [what, setup] of secretive) {
    it(`refuses a secret ${what}, and does not repeat it`, () => {
      const faults = faultsOf(setup).join("\n");
      assert.notEqual(faults, "");
      for (const secret of [SECRET, "c2VjcmV0"]) assert.ok(!faults.includes(secret), faults);
    });
  }
});
