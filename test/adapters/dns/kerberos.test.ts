import assert from "node:assert/strict";
import { existsSync, statSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { KerberosTickets } from "../../../src/adapters/dns/kerberos.ts";
import type { RunProgram } from "../../../src/adapters/dns/kerberos-programs.ts";
import { DnsFailedError } from "../../../src/ports/dns.ts";
import { temporaryFolder } from "../../support/box-process.ts";
import { FakeClock } from "../../support/fake-clock.ts";

const HOUR_MS = 3_600_000;
const PRINCIPAL = "kms-box@AD.OFFICE.TEST";

/** Programs of Kerberos that do as they are told, and keep how they were run. */
class FakePrograms {
  readonly calls: (readonly string[])[] = [];
  principals: readonly string[] = [PRINCIPAL];
  times = "11/22/26 17:00:00  11/23/26 03:00:00";
  failure: object | undefined;
  /** Until then a program runs. */
  gate: Promise<void> = Promise.resolve();

  readonly run: RunProgram = async (program, args, { env, signal }) => {
    this.calls.push([program, ...args]);
    assert.deepEqual([env.LC_ALL, env.TZ], ["C", "UTC"]);
    const aborted = new Promise<never>((_resolve, reject) => {
      signal.addEventListener("abort", () => reject(new Error("The operation was aborted")));
    });
    await Promise.race([this.gate, aborted]);
    if (program === "klist" && args[0] === "-k") return { stdout: this.#keys() };
    if (program === "klist") return { stdout: this.#ticket() };
    if (this.failure) throw Object.assign(new Error("Command failed"), this.failure);
    writeFileSync(String(args[args.indexOf("-c") + 1]).replace("FILE:", ""), "", { mode: 0o600 });
    return { stdout: "" };
  };

  get kinits(): (readonly string[])[] {
    return this.calls.filter(([program]) => program === "kinit");
  }

  #keys(): string {
    const lines = this.principals.map((name) => `   2 ${name}`);
    return ["Keytab name: FILE:box", "KVNO Principal", "---- -----", ...lines, ""].join("\n");
  }

  #ticket(): string {
    return `Default principal: ${PRINCIPAL}\n\nValid starting\n${this.times}  krbtgt/A@A\n`;
  }
}

describe("Kerberos tickets", () => {
  let folder: string;
  let keytab: string;
  let clock: FakeClock;
  let programs: FakePrograms;
  let tickets: KerberosTickets;

  beforeEach(async () => {
    folder = await temporaryFolder();
    keytab = join(folder, "box.keytab");
    writeFileSync(keytab, "keys");
    clock = new FakeClock();
    programs = new FakePrograms();
    tickets = new KerberosTickets({ clock, parent: folder, run: programs.run });
  });
  afterEach(() => rm(folder, { recursive: true }));

  const pathOf = (cache: string) => cache.replace(/^FILE:/, "");

  it("are got by kinit into a cache that only this user may read", async () => {
    const path = pathOf(await tickets.cacheFor(keytab));
    assert.equal(statSync(dirname(path)).mode & 0o777, 0o700);
    assert.deepEqual(programs.kinits, [
      ["kinit", "-c", `FILE:${path}.new`, "-k", "-t", `FILE:${keytab}`, "--", PRINCIPAL],
    ]);
    assert.ok(existsSync(path));
  });

  it("are asked for with a life of so many seconds", async () => {
    await new KerberosTickets({
      clock,
      parent: folder,
      run: programs.run,
      lifeSeconds: 10,
    }).cacheFor(keytab);
    assert.deepEqual(programs.kinits[0]?.slice(0, 3), ["kinit", "-l", "10s"]);
  });

  it("are shared by callers that come together, and by later ones", async () => {
    const caches = await Promise.all([tickets.cacheFor(keytab), tickets.cacheFor(keytab)]);
    caches.push(await tickets.cacheFor(keytab));
    assert.equal(new Set(caches).size, 1);
    assert.equal(programs.kinits.length, 1);
  });

  it("are different ones for different principals and keytabs", async () => {
    const second = join(folder, "second.keytab");
    writeFileSync(second, "keys");
    const caches = [
      await tickets.cacheFor(keytab),
      await tickets.cacheFor(second),
      await tickets.cacheFor(keytab, "other@AD.OFFICE.TEST"),
    ];
    assert.equal(new Set(caches).size, 3);
    assert.equal(programs.kinits.at(-1)?.at(-1), "other@AD.OFFICE.TEST");
  });

  it("are renewed at half of their life", async () => {
    await tickets.cacheFor(keytab);
    clock.pass(5 * HOUR_MS - 1);
    await tickets.cacheFor(keytab);
    assert.equal(programs.kinits.length, 1);
    clock.pass(1);
    await tickets.cacheFor(keytab);
    assert.equal(programs.kinits.length, 2);
  });

  it("are renewed at each call if their life cannot be read", async () => {
    programs.times = "So 22 Nov 2026  Mo 23 Nov 2026";
    await tickets.cacheFor(keytab);
    await tickets.cacheFor(keytab);
    assert.equal(programs.kinits.length, 2);
  });

  it("are renewed when the wall clock was set", async () => {
    await tickets.cacheFor(keytab);
    clock.wallMs += HOUR_MS;
    await tickets.cacheFor(keytab);
    assert.equal(programs.kinits.length, 2);
  });

  it("are renewed when a server refused them, or somebody removed them", async () => {
    const cache = await tickets.cacheFor(keytab);
    tickets.discard(keytab);
    await tickets.cacheFor(keytab);
    assert.equal(programs.kinits.length, 2);
    await rm(dirname(pathOf(cache)), { recursive: true });
    assert.ok(existsSync(pathOf(await tickets.cacheFor(keytab))));
  });

  it("are removed in the end, also while a KDC does not answer", async () => {
    const cache = await tickets.cacheFor(keytab);
    tickets.discard(keytab);
    programs.gate = new Promise(() => undefined);
    const waiting = assert.rejects(tickets.cacheFor(keytab), { code: "no-ticket" });
    await new Promise((resolve) => setTimeout(resolve, 20));
    await tickets.close();
    await waiting;
    assert.equal(existsSync(dirname(pathOf(cache))), false);
  });

  it("are not waited for once a caller is told to stop, and come for those who still wait", async () => {
    let open = () => {};
    programs.gate = new Promise((resolve) => {
      open = resolve;
    });
    const stop = new AbortController();
    const patient = tickets.cacheFor(keytab);
    const stopped = assert.rejects(tickets.cacheFor(keytab, undefined, stop.signal), {
      code: "no-ticket",
      message: /in time: check the domain controller/,
    });
    stop.abort();
    await stopped;
    await assert.rejects(tickets.cacheFor(keytab, undefined, stop.signal), { code: "no-ticket" });
    open();
    assert.equal(await tickets.cacheFor(keytab), await patient);
    assert.equal(programs.kinits.length, 1);
  });

  it("are a user's rather than a service's, and any service's rather than the machine's", async () => {
    const chosen = async (...principals: string[]) => {
      programs.principals = principals;
      tickets.discard(keytab);
      await tickets.cacheFor(keytab);
      return programs.kinits.at(-1)?.at(-1);
    };
    assert.equal(await chosen("HOST/box@A", "host/box@A", "BOX$@A"), "BOX$@A");
    assert.equal(await chosen("host/box@A", "kms/box@A"), "kms/box@A");
    assert.equal(await chosen("host/box@A"), "host/box@A");
  });

  describe("that cannot be had", () => {
    const told = async (failure: object, principal?: string) => {
      programs.failure = failure;
      const error = await tickets.cacheFor(keytab, principal).catch((caught: unknown) => caught);
      assert.ok(error instanceof DnsFailedError);
      return error;
    };

    it("are asked for again at the next call", async () => {
      await told({ stderr: "kinit: Cannot contact any KDC for realm 'A'" });
      programs.failure = undefined;
      await tickets.cacheFor(keytab);
      assert.equal(programs.kinits.length, 2);
    });

    const cases: readonly [what: string, failure: object, code: string, message: RegExp][] = [
      ["no kinit", { code: "ENOENT" }, "not-installed", /apt install krb5-user/],
      ["a KDC that says nothing", { killed: true }, "no-ticket", /within 15 s/],
      ["no KDC", says("Cannot contact any KDC for realm 'A'"), "no-ticket", /port 88/],
      ["no KDC in DNS", says('Cannot find KDC for realm "A"'), "no-ticket", /DNS servers/],
      ["a clock that is wrong", says("Clock skew too great"), "no-ticket", /NTP/],
      ["an expired password", says("Password has expired"), "no-ticket", /never expire/],
      ["a disabled user", says("Client's credentials have been revoked"), "no-ticket", /Enable it/],
      [
        "an unknown user",
        says(`Client '${PRINCIPAL}' not found in Kerberos database`),
        "key-unusable",
        /has no user kms-box@/,
      ],
      [
        "a keytab without that key",
        says(`Keytab contains no suitable keys for ${PRINCIPAL}`),
        "key-unusable",
        /klist -k/,
      ],
      [
        "another password",
        says("Preauthentication failed"),
        "key-unusable",
        /password was changed/,
      ],
      ["weak keys", says("KDC has no support for encryption type"), "key-unusable", /AES-256/],
      [
        "no keytab",
        says("Unsupported key table format version"),
        "key-unusable",
        /no Kerberos key/,
      ],
      ["a forbidden keytab", says("Permission denied"), "key-unusable", /chown/],
      ["anything else", says("Generic error (see e-text)"), "no-ticket", /Generic error/],
    ];
    for (const [what, failure, code, message] of cases) {
      it(`say what to do: ${what}`, async () => {
        const error = await told(failure, PRINCIPAL);
        assert.equal(error.code, code);
        assert.match(error.message, message);
      });
    }

    it("say which file is missing, or empty", async () => {
      await assert.rejects(tickets.cacheFor(join(folder, "none")), {
        code: "key-unusable",
        message: /There is no keytab .*none/,
      });
      programs.principals = [];
      await assert.rejects(tickets.cacheFor(keytab), { code: "key-unusable", message: /is empty/ });
      assert.equal(programs.kinits.length, 0);
    });

    it("say that there is no place for them", async () => {
      const parent = join(folder, "missing");
      const homeless = new KerberosTickets({ clock, parent, run: programs.run });
      await assert.rejects(homeless.cacheFor(keytab), { code: "no-ticket", message: /no place/ });
    });
  });
});

function says(text: string): object {
  return { code: 1, stderr: `kinit: ${text} while getting initial credentials\n` };
}
