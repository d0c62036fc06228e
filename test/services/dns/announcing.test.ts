import assert from "node:assert/strict";
import type { Announcement } from "../../../src/domain/dns-sd.ts";
import { sha256 } from "../../../src/platform/ed25519.ts";
import { type Announced, type MdnsAnnouncer, MdnsFailedError } from "../../../src/ports/mdns.ts";
import { type AnnouncedHost, Announcing } from "../../../src/services/dns/announcing.ts";
import { RecordedEvents } from "../../support/recorded-events.ts";
import { VirtualTimers } from "../../support/virtual-timers.ts";

class FakeAnnouncer implements MdnsAnnouncer {
  readonly announced: Omit<Announcement, "instance">[] = [];
  interfaces: readonly string[] = ["eth0"];
  links = "one";
  fault: Error | undefined;
  isWithdrawn = false;

  async announce(what: Omit<Announcement, "instance">, [instance = ""]: readonly string[]) {
    this.announced.push(what);
    if (this.fault) throw this.fault;
    return { instance, interfaces: this.interfaces } satisfies Announced;
  }

  situation(): string {
    return this.links;
  }

  async withdraw(): Promise<void> {
    this.isWithdrawn = true;
  }
}

describe("keeping the links told of the host", () => {
  let announcer: FakeAnnouncer;
  let events: RecordedEvents;
  let timers: VirtualTimers;
  let host: AnnouncedHost;
  let announcing: Announcing;

  beforeEach(() => {
    announcer = new FakeAnnouncer();
    events = new RecordedEvents();
    timers = new VirtualTimers();
    host = {
      hostname: "box",
      thumbprint: "abc",
      service: "_vlmcs",
      port: 1688,
      products: ["editor"],
    };
    announcing = new Announcing({ announcer, events, timers, sha256, describe: () => host });
  });

  it("announces once, and tells where", async () => {
    announcing.start();
    await timers.pass(60_000);
    assert.equal(announcer.announced.length, 1);
    const [event] = events.named("mdns-announced");
    assert.match(event?.message ?? "", /^Announced as "box" on eth0/);
    assert.match(announcer.announced[0]?.target ?? "", /^kms-[0-9a-f]{12}\.local$/);
    assert.deepEqual(announcer.announced[0]?.txt, ["v=1", "host=abc", "products=editor"]);
  });

  it("announces again when products or links change", async () => {
    announcing.start();
    await timers.pass(6000);
    host = { ...host, products: ["editor", "server"] };
    await timers.pass(6000);
    assert.equal(announcer.announced.at(-1)?.txt[2], "products=editor,server");
    announcer.links = "two";
    await timers.pass(6000);
    assert.equal(announcer.announced.length, 3);
  });

  it("tells a failure once, tries again ever more rarely, and tells when it works", async () => {
    announcer.fault = new MdnsFailedError("Port 5353 is in use.");
    announcing.start();
    await timers.pass(3_600_000);
    assert.equal(events.named("mdns-failed").length, 1);
    assert.ok(announcer.announced.length >= 15 && announcer.announced.length <= 20);
    announcer.fault = undefined;
    await timers.pass(300_000);
    assert.deepEqual(events.names, ["mdns-failed", "mdns-announced"]);
  });

  it("survives a fault that nobody foresaw", async () => {
    announcer.fault = new TypeError("no");
    announcing.start();
    await timers.pass(1000);
    assert.equal(events.named("mdns-failed")[0]?.details.code, "internal-error");
  });

  it("says nothing on a machine without a network, and announces when it gets one", async () => {
    announcer.interfaces = [];
    announcing.start();
    await timers.pass(60_000);
    assert.deepEqual(events.names, []);
    announcer.interfaces = ["eth0"];
    announcer.links = "two";
    await timers.pass(6000);
    assert.deepEqual(events.names, ["mdns-announced"]);
  });

  it("takes it back at the end, and is silent from then on", async () => {
    announcing.start();
    await timers.pass(1000);
    await announcing.stop();
    assert.ok(announcer.isWithdrawn);
    host = { ...host, port: 1700 };
    await timers.pass(60_000);
    assert.equal(announcer.announced.length, 1);
    assert.equal(timers.waiting, 0);
  });
});
